// Verbs about streams, topics, consumer offsets and refusals.
package main

import (
	"errors"
	"fmt"

	iggcon "github.com/apache/iggy/foreign/go/contracts"
	ierror "github.com/apache/iggy/foreign/go/errors"
)

const serverDefaultSize = 0

func createTopic(connection iggcon.Client, stream iggcon.Identifier, name string, partitions uint32) error {
	replication := uint8(1)
	_, err := connection.CreateTopic(stream, name, partitions, iggcon.CompressionAlgorithmNone,
		iggcon.IggyExpiryServerDefault, serverDefaultSize, &replication)
	return err
}

func setup(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	partitions, err := given.number("partitions", 2)
	if err != nil {
		return err
	}
	if err := connection.Ping(); err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	if _, err := connection.CreateStream(given["stream"]); err != nil {
		return fmt.Errorf("create stream: %w", err)
	}
	if err := createTopic(connection, at.stream, given["topic"], uint32(partitions)); err != nil {
		return fmt.Errorf("create topic: %w", err)
	}
	return show(connection, given)
}

// show prints a stream and a topic of it as this client sees them.
func show(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	stream, err := connection.GetStream(at.stream)
	if err != nil {
		return fmt.Errorf("get stream: %w", err)
	}
	emit("stream", line{"id": stream.Id, "name": stream.Name, "topics": stream.TopicsCount})
	topic, err := connection.GetTopic(at.stream, at.topic)
	if err != nil {
		return fmt.Errorf("get topic: %w", err)
	}
	ids := make([]uint32, 0, len(topic.Partitions))
	for _, partition := range topic.Partitions {
		ids = append(ids, partition.Id)
	}
	emit("topic", line{"id": topic.Id, "name": topic.Name, "partitions": topic.PartitionsCount, "partitionIds": ids})
	return nil
}

func offsets(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	consumer, err := given.consumer()
	if err != nil {
		return err
	}
	offset, err := given.number("offset", 0)
	if err != nil {
		return err
	}
	if err := connection.StoreConsumerOffset(consumer, at.stream, at.topic, offset, &at.partition); err != nil {
		return fmt.Errorf("store offset: %w", err)
	}
	found, err := connection.GetConsumerOffset(consumer, at.stream, at.topic, &at.partition)
	if err != nil {
		return fmt.Errorf("get offset: %w", err)
	}
	if found == nil {
		return errors.New("get offset: no offset although one was stored")
	}
	emit("offset", line{"stored": found.StoredOffset, "current": found.CurrentOffset, "partition": found.PartitionId})
	return nil
}

func deleteOffset(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	consumer, err := given.consumer()
	if err != nil {
		return err
	}
	if err := connection.DeleteConsumerOffset(consumer, at.stream, at.topic, &at.partition); err != nil {
		return fmt.Errorf("delete offset: %w", err)
	}
	found, err := connection.GetConsumerOffset(consumer, at.stream, at.topic, &at.partition)
	step("delete", line{"found": err == nil && found != nil})
	return nil
}

// refusals provokes two error replies, then makes calls that only succeed when both were read to their last byte.
func refusals(connection iggcon.Client, given arguments) error {
	missing, err := iggcon.NewIdentifier("missing-" + given.or("seed", "stream"))
	if err != nil {
		return err
	}
	if err := refused(createTopic(connection, missing, "topic", 1)); err != nil {
		return err
	}
	message, err := iggcon.NewIggyMessage([]byte("refuse me"))
	if err != nil {
		return err
	}
	err = connection.SendMessages(missing, missing, iggcon.PartitionId(0), []iggcon.IggyMessage{message})
	if err := refused(err); err != nil {
		return err
	}
	if err := connection.Ping(); err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	if given["stream"] == "" {
		emit("alive", line{"stream": nil})
		return nil
	}
	name, err := given.name("stream")
	if err != nil {
		return err
	}
	stream, err := connection.GetStream(name)
	if err != nil {
		return fmt.Errorf("get stream: %w", err)
	}
	emit("alive", line{"stream": stream.Name})
	return nil
}

func refused(err error) error {
	status, ok := errors.AsType[ierror.IggyError](err)
	if !ok {
		return fmt.Errorf("expected a refusal, got %v", err)
	}
	emit("refused", line{"code": status.Code(), "message": status.Error()})
	return nil
}
