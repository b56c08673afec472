"""The workshop's own set-up, with nothing changed: the endpoint comes from the environment (AWS_ENDPOINT_URL)."""
import boto3


class WorkshopInfrastructure:
    def __init__(self, prefix="messaging-workshop"):
        self.prefix = prefix
        self.eventbridge = boto3.client('events')
        self.sqs = boto3.client('sqs')
        self.sns = boto3.client('sns')
        self.dynamodb = boto3.client('dynamodb')

    def _create_event_bus(self):
        """Create custom EventBridge bus"""
        bus_name = f"{self.prefix}-events"
        response = self.eventbridge.create_event_bus(Name=bus_name)
        return response['EventBusArn']

    def _create_sqs_queues(self):
        """Create all required SQS queues"""
        queues = {
            'order-processing': {'FifoQueue': 'true'},
            'inventory-updates': {},
            'payment-processing': {'FifoQueue': 'true'},
            'notifications': {},
            'analytics': {},
            'dead-letter': {}
        }

        created_queues = {}
        for queue_name, attributes in queues.items():
            full_name = f"{self.prefix}-{queue_name}"
            if attributes.get('FifoQueue'):
                full_name += '.fifo'

            response = self.sqs.create_queue(
                QueueName=full_name,
                Attributes=attributes
            )
            created_queues[queue_name] = response['QueueUrl']

        return created_queues


if __name__ == "__main__":
    import json
    import sys
    infrastructure = WorkshopInfrastructure()
    made = {"queues": infrastructure._create_sqs_queues()}
    if "--bus" in sys.argv:
        made["bus"] = infrastructure._create_event_bus()
    print(json.dumps(made))
