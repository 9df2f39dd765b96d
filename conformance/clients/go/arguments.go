// The key=value arguments of a run.
package main

import (
	"fmt"
	"strconv"
	"strings"

	iggcon "github.com/apache/iggy/foreign/go/contracts"
)

type arguments map[string]string

func parse(pairs []string) (arguments, error) {
	given := arguments{}
	for _, pair := range pairs {
		key, value, found := strings.Cut(pair, "=")
		if !found {
			return nil, fmt.Errorf("%q is not key=value", pair)
		}
		given[key] = value
	}
	return given, nil
}

func (given arguments) or(key, fallback string) string {
	if value, found := given[key]; found {
		return value
	}
	return fallback
}

func (given arguments) number(key string, fallback uint64) (uint64, error) {
	value, found := given[key]
	if !found {
		return fallback, nil
	}
	number, err := strconv.ParseUint(value, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", key, err)
	}
	return number, nil
}

func (given arguments) name(key string) (iggcon.Identifier, error) {
	identifier, err := iggcon.NewIdentifier(given[key])
	if err != nil {
		return identifier, fmt.Errorf("%s: %w", key, err)
	}
	return identifier, nil
}

// place is where most verbs work: one partition of a topic.
type place struct {
	stream, topic iggcon.Identifier
	partition     uint32
}

func (given arguments) place() (place, error) {
	stream, err := given.name("stream")
	if err != nil {
		return place{}, err
	}
	topic, err := given.name("topic")
	if err != nil {
		return place{}, err
	}
	partition, err := given.number("partition", 0)
	return place{stream, topic, uint32(partition)}, err
}

func (given arguments) consumer() (iggcon.Consumer, error) {
	number, err := given.number("consumer", 1)
	if err != nil {
		return iggcon.Consumer{}, err
	}
	identifier, err := iggcon.NewIdentifier(uint32(number))
	return iggcon.NewSingleConsumer(identifier), err
}
