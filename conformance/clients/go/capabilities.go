// Verbs of the client matrix about what a server keeps besides messages: each prints a line for every step with what was seen.
package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/apache/iggy/foreign/go/client"
	"github.com/apache/iggy/foreign/go/client/tcp"
	iggcon "github.com/apache/iggy/foreign/go/contracts"
)

func step(name string, facts line) {
	emit("step", line{"name": name, "facts": facts})
}

func connect(given arguments) (iggcon.Client, error) {
	return client.NewIggyClient(client.WithTcp(tcp.WithServerAddress(given.or("address", "127.0.0.1:8090"))))
}

func logIn(given arguments, user, password string) (iggcon.Client, error) {
	connection, err := connect(given)
	if err != nil {
		return nil, err
	}
	_, err = connection.LoginUser(user, password)
	return connection, err
}

// session is run on a connection that is logged in; it makes one of its own to see each step.
func session(_ iggcon.Client, given arguments) error {
	connection, err := connect(given)
	if err != nil {
		return err
	}
	step("connect", line{})
	identity, err := connection.LoginUser("iggy", "iggy")
	if err != nil {
		return err
	}
	// The login of 0.7.0 tells nothing of its generation, so that a server of several cannot know yet how it counts users.
	if iggcon.Version == "0.7.0" {
		step("login", line{"user": nil})
	} else {
		step("login", line{"user": identity.UserId})
	}
	if err := connection.Ping(); err != nil {
		return err
	}
	step("ping", line{})
	if err := connection.LogoutUser(); err != nil {
		return err
	}
	_, err = connection.GetStreams()
	step("logout", line{"refused": err != nil})
	return nil
}

func streams(connection iggcon.Client, given arguments) error {
	name, renamed := given["name"], given["name"]+"-renamed"
	id, newID, err := twoNames(name, renamed)
	if err != nil {
		return err
	}
	if _, err := connection.CreateStream(name); err != nil {
		return fmt.Errorf("create: %w", err)
	}
	step("create", line{})
	found, err := connection.GetStream(id)
	if err != nil {
		return fmt.Errorf("get: %w", err)
	}
	step("get", line{"name": found.Name, "topics": found.TopicsCount})
	list, err := connection.GetStreams()
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	step("list", line{"found": slices.ContainsFunc(list, func(stream iggcon.Stream) bool { return stream.Name == name })})
	if err := connection.UpdateStream(id, renamed); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	found, err = connection.GetStream(newID)
	if err != nil {
		return fmt.Errorf("get: %w", err)
	}
	step("update", line{"name": found.Name})
	if err := connection.DeleteStream(newID); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	_, err = connection.GetStream(newID)
	step("delete", line{"found": err == nil})
	return nil
}

func twoNames(first, second string) (iggcon.Identifier, iggcon.Identifier, error) {
	one, err := iggcon.NewIdentifier(first)
	if err != nil {
		return one, one, err
	}
	two, err := iggcon.NewIdentifier(second)
	return one, two, err
}

func topics(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	name, renamed := given["name"], given["name"]+"-renamed"
	id, newID, err := twoNames(name, renamed)
	if err != nil {
		return err
	}
	if err := createTopic(connection, at.stream, name, 3); err != nil {
		return fmt.Errorf("create: %w", err)
	}
	step("create", line{})
	found, err := connection.GetTopic(at.stream, id)
	if err != nil {
		return fmt.Errorf("get: %w", err)
	}
	step("get", line{"name": found.Name, "partitions": found.PartitionsCount})
	list, err := connection.GetTopics(at.stream)
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	step("list", line{"found": slices.ContainsFunc(list, func(topic iggcon.Topic) bool { return topic.Name == name })})
	replication := uint8(1)
	err = connection.UpdateTopic(at.stream, id, renamed, iggcon.CompressionAlgorithmNone,
		iggcon.Duration(time.Hour.Microseconds()), serverDefaultSize, &replication)
	if err != nil {
		return fmt.Errorf("update: %w", err)
	}
	found, err = connection.GetTopic(at.stream, newID)
	if err != nil {
		return fmt.Errorf("get: %w", err)
	}
	// The SDK hands the microseconds of the wire out under the name of a duration.
	step("update", line{"name": found.Name, "hourKept": int64(found.MessageExpiry) == time.Hour.Microseconds()})
	if err := connection.DeleteTopic(at.stream, newID); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	_, err = connection.GetTopic(at.stream, newID)
	step("delete", line{"found": err == nil})
	return nil
}

func partitions(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	count := func(name string) error {
		topic, err := connection.GetTopic(at.stream, at.topic)
		if err != nil {
			return fmt.Errorf("get topic: %w", err)
		}
		step(name, line{"partitions": topic.PartitionsCount})
		return nil
	}
	if err := connection.CreatePartitions(at.stream, at.topic, 2); err != nil {
		return fmt.Errorf("create: %w", err)
	}
	if err := count("create"); err != nil {
		return err
	}
	if err := connection.DeletePartitions(at.stream, at.topic, 1); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return count("delete")
}

func tokens(connection iggcon.Client, given arguments) error {
	name := given["name"]
	raw, err := connection.CreatePersonalAccessToken(name, 0)
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	step("create", line{})
	list, err := connection.GetPersonalAccessTokens()
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	isIt := func(token iggcon.PersonalAccessTokenInfo) bool { return token.Name == name }
	step("list", line{"found": slices.ContainsFunc(list, isIt)})
	other, err := connect(given)
	if err != nil {
		return err
	}
	if _, err := other.LoginWithPersonalAccessToken(raw.Token); err != nil {
		return fmt.Errorf("login: %w", err)
	}
	_, err = other.GetStreams()
	step("login", line{"reads": err == nil})
	if err := connection.DeletePersonalAccessToken(name); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	_, err = connection.LoginWithPersonalAccessToken(raw.Token)
	step("delete", line{"refused": err != nil})
	return nil
}

func system(connection iggcon.Client, _ arguments) error {
	stats, err := connection.GetStats()
	if err != nil {
		return fmt.Errorf("stats: %w", err)
	}
	step("stats", line{"hostname": stats.Hostname != "", "counts": stats.StreamsCount > 0 && stats.ClientsCount > 0})
	// This SDK cannot ask who it is; the newest client is as good.
	list, err := connection.GetClients()
	if err != nil {
		return fmt.Errorf("clients: %w", err)
	}
	if len(list) == 0 {
		return errors.New("clients: there is none, not even this one")
	}
	step("clients", line{"found": true})
	last := list[len(list)-1]
	found, err := connection.GetClient(last.ID)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	step("client", line{"user": nil, "same": found.Address == last.Address})
	return nil
}
