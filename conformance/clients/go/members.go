// Verbs of the client matrix about consumer groups, users, and a server that is started again.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"time"

	iggcon "github.com/apache/iggy/foreign/go/contracts"
)

const (
	rounds = 200
	pause  = 50 * time.Millisecond
)

// group is what the verb about groups works on.
type group struct {
	place
	id iggcon.Identifier
}

// shares waits until there are so many members and shows the partitions of each, fewest first.
func (g group) shares(name string, connection iggcon.Client, members uint32) error {
	var shown []uint32
	for range rounds {
		found, err := connection.GetConsumerGroup(g.stream, g.topic, g.id)
		if err != nil {
			return fmt.Errorf("%s: get group: %w", name, err)
		}
		shown = nil
		for _, member := range found.Members {
			shown = append(shown, member.PartitionsCount)
		}
		slices.Sort(shown)
		isEven := !slices.ContainsFunc(shown, func(count uint32) bool { return count != 2/members })
		if found.MembersCount == members && isEven {
			break
		}
		time.Sleep(pause)
	}
	step(name, line{"shares": shown})
	return nil
}

// drain polls with each member in turn until the wanted messages are there, and shows what each got.
func (g group) drain(name string, members []iggcon.Client, wanted int) error {
	got, total := make([][]string, len(members)), 0
	for range rounds {
		for index, member := range members {
			polled, err := member.PollMessages(g.stream, g.topic, iggcon.NewGroupConsumer(g.id),
				iggcon.NewPollingStrategy(iggcon.POLLING_NEXT, 0), 2, true, nil)
			if err != nil {
				return fmt.Errorf("%s: poll: %w", name, err)
			}
			got[index] = append(got[index], textsOf(polled)...)
			total += len(polled.Messages)
		}
		if total >= wanted {
			break
		}
		time.Sleep(pause)
	}
	step(name, line{"received": got})
	return nil
}

func textsOf(polled *iggcon.PolledMessage) []string {
	texts := make([]string, 0, len(polled.Messages))
	for _, message := range polled.Messages {
		texts = append(texts, string(message.Payload))
	}
	return texts
}

func sendSeed(connection iggcon.Client, at place, partition uint32, seed string, count uint32) error {
	messages := make([]iggcon.IggyMessage, 0, count)
	for index := range count {
		message, err := newMessage(seed, index)
		if err != nil {
			return err
		}
		messages = append(messages, message)
	}
	return connection.SendMessages(at.stream, at.topic, iggcon.PartitionId(partition), messages)
}

func groups(first iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	id, err := given.name("name")
	if err != nil {
		return err
	}
	second, err := logIn(given, "iggy", "iggy")
	if err != nil {
		return err
	}
	g := group{at, id}
	created, err := first.CreateConsumerGroup(at.stream, at.topic, given["name"])
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	step("create", line{"name": created.Name, "members": created.MembersCount, "partitions": created.PartitionsCount})
	list, err := first.GetConsumerGroups(at.stream, at.topic)
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	isIt := func(group iggcon.ConsumerGroup) bool { return group.Name == given["name"] }
	step("list", line{"found": slices.ContainsFunc(list, isIt)})
	join := func(connection iggcon.Client) error { return connection.JoinConsumerGroup(at.stream, at.topic, id) }
	send := func(one, two string) error {
		return errors.Join(sendSeed(first, at, at.partition, one, 4), sendSeed(first, at, at.partition+1, two, 4))
	}
	for _, act := range []func() error{
		func() error { return join(first) },
		func() error { return g.shares("join", first, 1) },
		func() error { return join(second) },
		func() error { return g.shares("share", first, 2) },
		func() error { return send("one", "two") },
		func() error { return g.drain("poll", []iggcon.Client{first, second}, 8) },
		func() error { return second.LeaveConsumerGroup(at.stream, at.topic, id) },
		func() error { return g.shares("leave", first, 1) },
		func() error { return join(second) },
		func() error { return g.shares("join again", first, 2) },
		func() error { return second.Close() },
		func() error { return g.shares("disconnect", first, 1) },
		func() error { return send("three", "four") },
		func() error { return g.drain("take over", []iggcon.Client{first}, 8) },
		func() error { return first.DeleteConsumerGroup(at.stream, at.topic, id) },
	} {
		if err := act(); err != nil {
			return err
		}
	}
	_, err = first.GetConsumerGroup(at.stream, at.topic, id)
	step("delete", line{"found": err == nil})
	return nil
}

// fewPermissions may read streams everywhere, poll from one stream and send to one topic of it.
func fewPermissions(stream, topic uint32) *iggcon.Permissions {
	return &iggcon.Permissions{
		Global: iggcon.GlobalPermissions{ReadStreams: true},
		Streams: map[int]*iggcon.StreamPermissions{int(stream): {
			PollMessages: true,
			Topics:       map[int]*iggcon.TopicPermissions{int(topic): {SendMessages: true}},
		}},
	}
}

func canLogIn(given arguments, user, password string) bool {
	connection, err := logIn(given, user, password)
	if connection != nil {
		_ = connection.Close()
	}
	return err == nil
}

func users(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	stream, err := connection.GetStream(at.stream)
	if err != nil {
		return err
	}
	topic, err := connection.GetTopic(at.stream, at.topic)
	if err != nil {
		return err
	}
	name, renamed := given["name"], given["name"]+"-renamed"
	id, newID, err := twoNames(name, renamed)
	if err != nil {
		return err
	}
	rights := fewPermissions(stream.Id, topic.Id)
	created, err := connection.CreateUser(name, "secret-1", iggcon.Active, rights)
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	step("create", line{"name": created.Username, "active": created.Status == iggcon.Active})
	found, err := connection.GetUser(id)
	if err != nil {
		return fmt.Errorf("get: %w", err)
	}
	step("get", line{"name": found.Username, "same": reflect.DeepEqual(found.Permissions, rights)})
	list, err := connection.GetUsers()
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	step("list", line{"found": slices.ContainsFunc(list, func(user iggcon.UserInfo) bool { return user.Username == name })})
	if err := triesRights(connection, given, id); err != nil {
		return err
	}
	if err := connection.ChangePassword(id, "secret-1", "secret-2"); err != nil {
		return fmt.Errorf("password: %w", err)
	}
	step("password", line{"old": canLogIn(given, name, "secret-1"), "new": canLogIn(given, name, "secret-2")})
	inactive := iggcon.Inactive
	if err := connection.UpdateUser(id, &renamed, &inactive); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	found, err = connection.GetUser(newID)
	if err != nil {
		return fmt.Errorf("get: %w", err)
	}
	login := canLogIn(given, renamed, "secret-2")
	step("update", line{"name": found.Username, "active": found.Status == iggcon.Active, "login": login})
	if err := connection.DeleteUser(newID); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	_, err = connection.GetUser(newID)
	step("delete", line{"found": err == nil})
	return nil
}

// triesRights sees what the new user may do, before and after its permissions are changed.
func triesRights(connection iggcon.Client, given arguments, id iggcon.Identifier) error {
	forbidden, err := iggcon.NewIdentifier(given["name"] + "-stream")
	if err != nil {
		return err
	}
	user, err := logIn(given, given["name"], "secret-1")
	if err != nil {
		return fmt.Errorf("login: %w", err)
	}
	_, readError := user.GetStreams()
	_, createError := user.CreateStream(given["name"] + "-stream")
	step("login", line{"reads": readError == nil, "creates": createError == nil})
	rights := &iggcon.Permissions{Global: iggcon.GlobalPermissions{ManageStreams: true}}
	if err := connection.UpdatePermissions(id, rights); err != nil {
		return fmt.Errorf("permissions: %w", err)
	}
	if _, err := user.CreateStream(given["name"] + "-stream"); err != nil {
		return fmt.Errorf("permissions: create stream: %w", err)
	}
	step("permissions", line{})
	return user.DeleteStream(forbidden)
}

// restart stays connected while the server is started again. This SDK does not come back to a lost connection; a new client does.
func restart(connection iggcon.Client, given arguments) error {
	at, err := given.place()
	if err != nil {
		return err
	}
	consumer, err := given.consumer()
	if err != nil {
		return err
	}
	everything := func() ([]string, error) {
		polled, err := connection.PollMessages(at.stream, at.topic, consumer,
			iggcon.NewPollingStrategy(iggcon.POLLING_FIRST, 0), 100, false, &at.partition)
		if err != nil {
			return nil, err
		}
		return textsOf(polled), nil
	}
	before, err := everything()
	if err != nil {
		return err
	}
	step("before", line{"messages": before})
	emit("waiting", line{})
	if _, err := io.ReadAll(os.Stdin); err != nil {
		return err
	}
	by := "itself"
	after, err := everything()
	if err != nil {
		by = "caller"
		if connection, err = logIn(given, "iggy", "iggy"); err != nil {
			return err
		}
		if after, err = everything(); err != nil {
			return err
		}
	}
	step("after", line{"messages": after, "by": by})
	if err := sendSeed(connection, at, at.partition, "later", 2); err != nil {
		return err
	}
	sent, err := everything()
	step("send", line{"messages": sent})
	return err
}
