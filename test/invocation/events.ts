/** One event of every kind that AWS sends, as its documentation shows them; identifiers are made up. */

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:worker';

export const sqs = {
  Records: [
    {
      messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
      receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
      body: '{"isbn":"0439785960"}',
      attributes: {
        ApproximateReceiveCount: '2',
        SentTimestamp: '1545082649183',
        SenderId: 'AIDAIENQZJOLO23YVJ4VO',
        ApproximateFirstReceiveTimestamp: '1545082649185',
        AWSTraceHeader: 'Root=1-5e3d83c1-e6a0db584850d61342823d4c',
      },
      messageAttributes: {
        kind: { stringValue: 'book', stringListValues: [], binaryListValues: [], dataType: 'String' },
      },
      md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:my-queue',
      awsRegion: 'eu-west-1',
    },
  ],
};

export const sns = {
  Records: [
    {
      EventVersion: '1.0',
      EventSubscriptionArn: 'arn:aws:sns:eu-west-1:123456789012:topic:21be56ed-a058-49f5-8c98-aedd2564c486',
      EventSource: 'aws:sns',
      Sns: {
        SignatureVersion: '1',
        Timestamp: '2019-01-02T12:45:07.000Z',
        Signature: 'tcc6faL2yUC6dgZdmrwh1Y4cGa/ebXEkAi6RibDsvpi+tE/1+82j',
        SigningCertUrl: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-ac565b8b.pem',
        MessageId: '95df01b4-ee98-5cb9-9903-4c221d41eb5e',
        Message: 'Hello from SNS!',
        MessageAttributes: { Test: { Type: 'String', Value: 'TestString' } },
        Type: 'Notification',
        UnsubscribeUrl: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
        TopicArn: 'arn:aws:sns:eu-west-1:123456789012:topic',
        Subject: 'TestInvoke',
      },
    },
  ],
};

/** The body of an SQS message that SNS put there without raw message delivery. */
export function snsNotification(message: string) {
  return {
    Type: 'Notification',
    MessageId: '63a3f6b6-d533-4a47-aef9-fcf5cf758c76',
    TopicArn: 'arn:aws:sns:eu-west-1:123456789012:topic',
    Message: message,
    Timestamp: '2019-01-02T12:45:07.000Z',
    SignatureVersion: '1',
    Signature: 'EXAMPLEpH+..',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0000000000.pem',
    UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
  };
}

export const s3 = {
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'eu-west-1',
      eventTime: '2019-09-03T19:37:27.192Z',
      eventName: 'ObjectCreated:Put',
      userIdentity: { principalId: 'AWS:AIDAINPONIXQXHT3IKHL2' },
      requestParameters: { sourceIPAddress: '205.255.255.255' },
      responseElements: {
        'x-amz-request-id': 'D82B88E5F771F645',
        'x-amz-id-2': 'vlR7PnpV2Ce81l0PRw6jlUpck7Jo5',
      },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: '828aa6fc-f7b5-4305-8584-487c791949c1',
        bucket: {
          name: 'books',
          ownerIdentity: { principalId: 'A3I5XTEXAMAI3E' },
          arn: 'arn:aws:s3:::books',
        },
        object: {
          key: 'my+books.csv',
          size: 1305107,
          eTag: 'b21b84d653bb07b05b1e6b33684dc11b',
          sequencer: '0C0F6F405D6ED209E1',
        },
      },
    },
  ],
};

export const dynamoStream = {
  Records: [
    {
      eventID: '1',
      eventVersion: '1.0',
      dynamodb: {
        Keys: { Id: { N: '101' } },
        NewImage: { Message: { S: 'New item!' }, Id: { N: '101' } },
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        SequenceNumber: '111',
        SizeBytes: 26,
      },
      awsRegion: 'eu-west-1',
      eventName: 'INSERT',
      eventSourceARN: 'arn:aws:dynamodb:eu-west-1:123456789012:table/books/stream/2024-06-10T19:26:16.525',
      eventSource: 'aws:dynamodb',
    },
  ],
};

export const kinesis = {
  Records: [
    {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: '1',
        sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
        data: 'SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==',
        approximateArrivalTimestamp: 1545084650.987,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: 'shardId-000000000006:49590338271490256608559692538361571095921575989136588898',
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::123456789012:role/lambda-role',
      awsRegion: 'eu-west-1',
      eventSourceARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/lambda-stream',
    },
  ],
};

const kafkaRecord = {
  topic: 'mytopic',
  partition: 0,
  offset: 15,
  timestamp: 1545084650987,
  timestampType: 'CREATE_TIME' as const,
  key: 'abcDEFghiJKLmnoPQRstuVWXyz1234==',
  value: 'SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==',
  headers: [{ headerKey: [104, 101, 97, 100, 101, 114, 86, 97, 108, 117, 101] }],
};

export const msk = {
  eventSource: 'aws:kafka' as const,
  eventSourceArn:
    'arn:aws:kafka:eu-west-1:123456789012:cluster/vpc-2priv-2pub/751d2973-a626-431c-9d4e-d7975eb44dd7-2',
  bootstrapServers: 'b-2.demo-cluster-1.a1bcde.c1.kafka.eu-west-1.amazonaws.com:9092',
  records: { 'mytopic-0': [kafkaRecord] },
};

export const selfManagedKafka = {
  eventSource: 'SelfManagedKafka' as const,
  bootstrapServers: 'b-2.demo-cluster-1.a1bcde.c1.kafka.eu-west-1.amazonaws.com:9092',
  records: { 'mytopic-0': [kafkaRecord] },
};

export const eventBridge = {
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '123456789012',
  time: '2021-11-12T00:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:s3:::books'],
  detail: { version: '0', bucket: { name: 'books' }, object: { key: 'books.csv', size: 5 } },
};

export const rule = {
  version: '0',
  id: 'cdc73f9d-aea9-11e3-9d5a-835b769c0d9c',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '1970-01-01T00:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:events:eu-west-1:123456789012:rule/ExampleRule'],
  detail: {},
};

export const scheduler = {
  ...rule,
  source: 'aws.scheduler',
  resources: ['arn:aws:scheduler:eu-west-1:123456789012:schedule/default/nightly'],
  detail: '{}',
};

export const restApi = {
  resource: '/mint',
  path: '/mint',
  httpMethod: 'POST',
  headers: { 'Content-Type': 'application/json', Host: 'abc.execute-api.eu-west-1.amazonaws.com' },
  multiValueHeaders: { 'Content-Type': ['application/json'] },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: null,
  stageVariables: null,
  requestContext: {
    accountId: '123456789012',
    apiId: 'abc',
    httpMethod: 'POST',
    identity: { sourceIp: '192.0.2.1', userAgent: 'curl/7.64.1' },
    path: '/prod/mint',
    protocol: 'HTTP/1.1',
    requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    requestTimeEpoch: 1428582896000,
    resourceId: '123456',
    resourcePath: '/mint',
    stage: 'prod',
  },
  body: '{"sourceIdentifiers":["a"]}',
  isBase64Encoded: false,
};

export const httpApi = {
  version: '2.0',
  routeKey: 'POST /mint',
  rawPath: '/mint',
  rawQueryString: '',
  headers: { 'content-type': 'application/json' },
  requestContext: {
    accountId: '123456789012',
    apiId: 'abc',
    domainName: 'abc.execute-api.eu-west-1.amazonaws.com',
    domainPrefix: 'abc',
    http: { method: 'POST', path: '/mint', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'curl' },
    requestId: 'JKJaXmPLvHcESHA=',
    routeKey: 'POST /mint',
    stage: '$default',
    time: '10/Mar/2020:05:16:23 +0000',
    timeEpoch: 1583817383220,
  },
  body: 'eyJhIjoxfQ==',
  isBase64Encoded: true,
};

export const functionUrl = {
  ...httpApi,
  routeKey: '$default',
  rawPath: '/',
  requestContext: {
    ...httpApi.requestContext,
    domainName: 'abcdefghij.lambda-url.eu-west-1.on.aws',
    routeKey: '$default',
    http: { ...httpApi.requestContext.http, method: 'GET', path: '/' },
  },
  body: undefined,
  isBase64Encoded: false,
};

export const alb = {
  requestContext: {
    elb: {
      targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/lambda/49e9d65c',
    },
  },
  httpMethod: 'GET',
  path: '/lambda',
  queryStringParameters: { query: '1234ABCD' },
  headers: { accept: 'text/html', host: 'lb-123578498.eu-west-1.elb.amazonaws.com' },
  body: '',
  isBase64Encoded: false,
};

export const stepFunctions = {
  stepFunctions: {
    executionId: 'arn:aws:states:eu-west-1:123456789012:execution:precompute:1',
    taskToken: 'AAAA',
  },
  ticker: 'AMZN',
};

/** Events that look like one of the above and are none. */
export const lookAlikes: Record<string, unknown> = {
  'a payload with its own source': { ticker: 'AMZN', execution_id: 'x', source: 'step_functions_precompute' },
  'a payload with its own body': { body: '{"a":1}', headers: {} },
  'a payload with its own detail': { source: 'shop', detail: { a: 1 } },
  'a payload with a request context': { httpMethod: 'GET', path: '/', requestContext: {} },
  'empty Records': { Records: [] },
  'Records that is no array': { Records: { length: 1, 0: sqs.Records[0] } },
  'Records of mixed sources': { Records: [...sqs.Records, ...s3.Records] },
  'Records with a hole': { Records: [...sqs.Records, null] },
  'Records of an unknown source': { Records: [{ eventSource: 'aws:codecommit' }] },
  'Records of CloudFront': { Records: [{ cf: { request: { uri: '/' } } }] },
  'S3 records without s3': { Records: [{ eventSource: 'aws:s3' }] },
  'a kafka event without records': { eventSource: 'aws:kafka', records: [] },
  'an S3 test event': { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'books' },
  'a stepFunctions field that is text': { stepFunctions: 'yes', ticker: 'AMZN' },
  'a stepFunctions field that is a list': { stepFunctions: ['yes'] },
  'a stepFunctions field that is null': { stepFunctions: null },
  'an inherited mark': JSON.parse('{"__proto__":{"stepFunctions":{"executionId":"x"}}}'),
  'a TOKEN authorizer': {
    type: 'TOKEN',
    authorizationToken: 'allow',
    methodArn: `${arn}/prod/GET/`,
  },
  'a REQUEST authorizer': {
    ...restApi,
    type: 'REQUEST',
    methodArn: 'arn:aws:execute-api:eu-west-1:1:abc/prod/POST/mint',
  },
  'an HTTP API authorizer': {
    ...httpApi,
    type: 'REQUEST',
    routeArn: 'arn:aws:execute-api:eu-west-1:1:abc/$default/POST/mint',
  },
  'a WebSocket connection': {
    headers: { Host: 'abc.execute-api.eu-west-1.amazonaws.com' },
    requestContext: {
      routeKey: '$connect',
      eventType: 'CONNECT',
      connectionId: 'L0SM9cOFvHcCIhw=',
      stage: 'prod',
    },
    isBase64Encoded: false,
  },
  'a WebSocket message': {
    requestContext: {
      routeKey: 'send',
      eventType: 'MESSAGE',
      connectionId: 'L0SM9cOFvHcCIhw=',
      stage: 'prod',
    },
    body: '{"action":"send"}',
    isBase64Encoded: false,
  },
};
