// The JavaScript SDK, which checks each digest by itself and fails a call whose digest is wrong.
import {
    CreateQueueCommand, DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand, SendMessageBatchCommand,
    SendMessageCommand, SQSClient,
} from '@aws-sdk/client-sqs';

const client = new SQSClient({ endpoint: process.argv[2], region: 'us-east-1' });
const fail = (what, seen) => {
    console.log('FAILED', what, JSON.stringify(seen));
    process.exit(1);
};

const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'js.fifo', Attributes: { FifoQueue: 'true' } }));
await client.send(new SendMessageCommand({
    QueueUrl, MessageBody: 'hällo 漢😀', MessageGroupId: 'g', MessageDeduplicationId: '1',
    MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'ä' }, blob: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
    },
}));
await client.send(new SendMessageBatchCommand({
    QueueUrl, Entries: [{ Id: 'a', MessageBody: '2', MessageGroupId: 'g', MessageDeduplicationId: '2' }],
}));
const { Messages } = await client.send(new ReceiveMessageCommand({
    QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], AttributeNames: ['All'], WaitTimeSeconds: 2,
}));
if (Messages?.map((each) => each.Body).join() !== 'hällo 漢😀,2' || Messages[0].MessageAttributes.blob.BinaryValue[1] !== 255)
    fail('receive', Messages);
for (const { ReceiptHandle } of Messages)
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
const empty = await client.send(new ReceiveMessageCommand({ QueueUrl }));
if (empty.Messages !== undefined) fail('an empty receive', empty);
try {
    await client.send(new GetQueueUrlCommand({ QueueName: 'nobody' }));
    fail('a queue that is not there', {});
} catch (error) {
    if (error.name !== 'QueueDoesNotExist' && error.name !== 'AWS.SimpleQueueService.NonExistentQueue') fail('an error', error);
}
console.log('send, batch, receive, delete, and an error, as it should be');
