import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './freePort.js';
import { COUNTERPARTS, install } from './install.js';
import type { Processes } from './processes.js';
import { withServer } from './withServer.js';

const VERSION = '1.7.1';

const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>fanfold</groupId>
  <artifactId>counterparts</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.elasticmq</groupId>
      <artifactId>elasticmq-server_2.13</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Installs ElasticMQ and what it needs as jars. Needs Java 17 and Maven. */
export function installElasticMq(processes: Processes): Promise<string> {
  return install('elasticmq', `elasticmq-server_2.13:${VERSION}`, async (folder) => {
    const file = join(folder, 'pom.xml');
    await writeFile(file, project);
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    const flags = ['-B', '-q', '-f', file, goal, '-DoutputDirectory=lib', '-DincludeScope=runtime'];
    await processes.run('mvn', flags, { output: { file: join(COUNTERPARTS, 'elasticmq-install.log') } });
  });
}

const configuration = (port: number) => `include classpath("application.conf")
node-address { protocol = http, host = "127.0.0.1", port = ${port}, context-path = "" }
rest-sqs { enabled = true, bind-hostname = "127.0.0.1", bind-port = ${port}, sqs-limits = strict }
rest-stats { enabled = false }
`;

/** Runs `work` against ElasticMQ on a free port; the environment is the one that its suites read. */
export async function withElasticMq<T>(
  processes: Processes,
  folder: string,
  work: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  await mkdir(join(folder, 'run'), { recursive: true });
  const file = join(folder, 'run', 'elasticmq.conf');
  await writeFile(file, configuration(port));
  const server = {
    name: 'ElasticMQ',
    command: 'java',
    args: [`-Dconfig.file=${file}`, '-Xmx256m', '-cp', `${folder}/lib/*`, 'org.elasticmq.server.Main'],
    logFile: join(COUNTERPARTS, 'elasticmq.log'),
    isReady: async () => (await fetch(`${endpoint}/?Action=ListQueues`)).ok,
  };
  return withServer(processes, server, () => work({ FANFOLD_SQS_ENDPOINT: endpoint }));
}
