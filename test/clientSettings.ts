/** How a suite's clients reach an endpoint: with AWS's own variables where they are set, else with made-up credentials. */
export function clientSettings(endpoint: string) {
  const { AWS_REGION = 'us-east-1', AWS_ACCESS_KEY_ID } = process.env;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { endpoint, region: AWS_REGION, ...(AWS_ACCESS_KEY_ID ? {} : { credentials }) };
}
