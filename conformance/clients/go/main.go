// The official Go client as a command line program for conformance runs.
//
//	client VERB key=value...
//
// Prints JSON lines on stdout; what the client itself logs goes to stderr.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	iggcon "github.com/apache/iggy/foreign/go/contracts"
	ierror "github.com/apache/iggy/foreign/go/errors"
)

// The client retries a lost connection for ever, so only a limit on the whole run ends it.
const secondsByDefault = 20

var verbs = map[string]func(iggcon.Client, arguments) error{
	"setup":         setup,
	"show":          show,
	"send":          send,
	"send_balanced": sendBalanced,
	"send_key":      sendKey,
	"poll":          poll,
	"offsets":       offsets,
	"delete_offset": deleteOffset,
	"errors":        refusals,
	"session":       session,
	"streams":       streams,
	"topics":        topics,
	"partitions":    partitions,
	"groups":        groups,
	"users":         users,
	"tokens":        tokens,
	"system":        system,
	"restart":       restart,
}

type line map[string]any

func emit(event string, fields line) {
	fields["event"] = event
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

func fail(err error) {
	fields := line{"message": err.Error()}
	if status, ok := errors.AsType[ierror.IggyError](err); ok {
		fields["code"] = status.Code()
	}
	emit("error", fields)
	os.Exit(1)
}

func verbNames() []string {
	names := make([]string, 0, len(verbs))
	for name := range verbs {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func run(verb string, given arguments) error {
	act, offered := verbs[verb]
	if !offered {
		return fmt.Errorf("verb %s is not offered; there are %s", verb, strings.Join(verbNames(), ", "))
	}
	seconds, err := given.number("timeout", secondsByDefault)
	if err != nil {
		return err
	}
	time.AfterFunc(time.Duration(seconds)*time.Second, func() {
		fail(fmt.Errorf("no answer within %d s during %s", seconds, verb))
	})
	connection, err := logIn(given, given.or("user", "iggy"), given.or("password", "iggy"))
	if err != nil {
		return fmt.Errorf("login: %w", err)
	}
	defer connection.Close()
	return act(connection, given)
}

func main() {
	if len(os.Args) < 2 {
		fail(errors.New("usage: client VERB key=value..."))
	}
	given, err := parse(os.Args[2:])
	if err != nil {
		fail(err)
	}
	if os.Args[1] == "verbs" {
		emit("verbs", line{
			"verbs": verbNames(), "strategies": strategyNames(), "headers": true, "ids": true,
			"generation": "v0_8",
		})
		return
	}
	if err := run(os.Args[1], given); err != nil {
		fail(err)
	}
}
