// Verbs that send and poll messages.
package main

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"

	iggcon "github.com/apache/iggy/foreign/go/contracts"
)

// A sent message has the id firstID + its index.
const firstID = 1000

var kindNames = map[iggcon.HeaderKind]string{
	iggcon.Raw: "raw", iggcon.String: "string", iggcon.Bool: "bool",
	iggcon.Int8: "int8", iggcon.Int16: "int16", iggcon.Int32: "int32", iggcon.Int64: "int64", iggcon.Int128: "int128",
	iggcon.Uint8: "uint8", iggcon.Uint16: "uint16", iggcon.Uint32: "uint32", iggcon.Uint64: "uint64",
	iggcon.Uint128: "uint128", iggcon.Float: "float32", iggcon.Double: "float64",
}

var strategies = map[string]iggcon.MessagePolling{
	"offset": iggcon.POLLING_OFFSET, "timestamp": iggcon.POLLING_TIMESTAMP, "first": iggcon.POLLING_FIRST,
	"last": iggcon.POLLING_LAST, "next": iggcon.POLLING_NEXT,
}

func strategyNames() []string {
	return []string{"offset", "timestamp", "first", "last", "next"}
}

func send(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	return sendTo(connection, given, at, iggcon.PartitionId(at.partition))
}

func sendBalanced(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	return sendTo(connection, given, at, iggcon.None())
}

func sendKey(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	key, err := iggcon.EntityIdString(given["key"])
	if err != nil {
		return fmt.Errorf("key: %w", err)
	}
	return sendTo(connection, given, at, key)
}

func sendTo(connection iggcon.Client, given arguments, at place, partitioning iggcon.Partitioning) error {
	count, err := given.number("count", 1)
	if err != nil {
		return err
	}
	messages := make([]iggcon.IggyMessage, 0, count)
	for index := range uint32(count) {
		message, err := newMessage(given["seed"], index)
		if err != nil {
			return fmt.Errorf("message %d: %w", index, err)
		}
		messages = append(messages, message)
	}
	half := (count + 1) / 2
	for _, batch := range [][]iggcon.IggyMessage{messages[:half], messages[half:]} {
		if len(batch) == 0 {
			continue
		}
		if err := connection.SendMessages(at.stream, at.topic, partitioning, batch); err != nil {
			return fmt.Errorf("send: %w", err)
		}
	}
	emit("sent", line{"count": count, "headers": line{"origin": "string", "n": "uint32", "Mixed-Case": "bool"}})
	return nil
}

func newMessage(seed string, index uint32) (iggcon.IggyMessage, error) {
	origin, err := iggcon.NewHeaderKeyString("origin")
	if err != nil {
		return iggcon.IggyMessage{}, err
	}
	n, err := iggcon.NewHeaderKeyString("n")
	if err != nil {
		return iggcon.IggyMessage{}, err
	}
	// Capital letters: clients before 0.9 fold them, this one must not.
	mixed, err := iggcon.NewHeaderKeyString("Mixed-Case")
	if err != nil {
		return iggcon.IggyMessage{}, err
	}
	headers := []iggcon.HeaderEntry{
		{Key: mixed, Value: iggcon.HeaderValue{Kind: iggcon.Bool, Value: []byte{1}}},
		{Key: origin, Value: iggcon.HeaderValue{Kind: iggcon.String, Value: []byte(seed)}},
		{Key: n, Value: iggcon.HeaderValue{Kind: iggcon.Uint32, Value: binary.LittleEndian.AppendUint32(nil, index)}},
	}
	id := iggcon.MessageID{}
	binary.LittleEndian.PutUint64(id[:], uint64(firstID+index))
	payload := fmt.Appendf(nil, "%s:%d", seed, index)
	return iggcon.NewIggyMessage(payload, iggcon.WithID(id), iggcon.WithUserHeaders(headers))
}

func poll(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	consumer, err := given.consumer()
	if err != nil {
		return err
	}
	count, err := given.number("count", 1)
	if err != nil {
		return err
	}
	value, err := given.number("value", 0)
	if err != nil {
		return err
	}
	kind, offered := strategies[given["strategy"]]
	if !offered {
		return fmt.Errorf("strategy %q is not offered; there are %s", given["strategy"], strings.Join(strategyNames(), ", "))
	}
	polled, err := connection.PollMessages(at.stream, at.topic, consumer, iggcon.NewPollingStrategy(kind, value),
		uint32(count), given["auto_commit"] == "true", &at.partition)
	if err != nil {
		return fmt.Errorf("poll: %w", err)
	}
	for _, message := range polled.Messages {
		if err := showMessage(message, polled.PartitionId); err != nil {
			return err
		}
	}
	emit("polled", line{
		"partition": polled.PartitionId, "currentOffset": polled.CurrentOffset, "count": len(polled.Messages),
	})
	return nil
}

func showMessage(message iggcon.IggyMessage, partition uint32) error {
	entries, err := iggcon.DeserializeHeaders(message.UserHeaders)
	if err != nil {
		return fmt.Errorf("headers of the message at offset %d: %w", message.Header.Offset, err)
	}
	fields := line{
		"offset": message.Header.Offset, "payload": hex.EncodeToString(message.Payload),
		"id": decimal(message.Header.Id), "timestamp": message.Header.Timestamp,
		"headers": nil, "partition": partition,
	}
	if len(entries) > 0 {
		headers := line{}
		for _, entry := range entries {
			headers[keyText(entry.Key)] = []string{kindNames[entry.Value.Kind], hex.EncodeToString(entry.Value.Value)}
		}
		fields["headers"] = headers
	}
	emit("message", fields)
	return nil
}

// keyText is the key itself where it is text; other kinds of key are told apart by kind and hex.
func keyText(key iggcon.HeaderKey) string {
	if key.Kind == iggcon.String {
		return string(key.Value)
	}
	return kindNames[key.Kind] + ":" + hex.EncodeToString(key.Value)
}

// decimal shows the 128-bit little-endian id.
func decimal(id iggcon.MessageID) string {
	bigEndian := id[:]
	slices.Reverse(bigEndian)
	return new(big.Int).SetBytes(bigEndian).String()
}
