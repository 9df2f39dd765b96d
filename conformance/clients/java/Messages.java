// Verbs that send and poll messages, and about consumer offsets.

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.iggy.client.blocking.tcp.IggyTcpClient;
import org.apache.iggy.consumeroffset.ConsumerOffsetInfo;
import org.apache.iggy.message.Message;
import org.apache.iggy.message.Partitioning;
import org.apache.iggy.message.PolledMessages;
import org.apache.iggy.message.PollingStrategy;

final class Messages {
    static void send(IggyTcpClient client, Client.Given given) {
        sendTo(client, given, Partitioning.partitionId(given.partition()));
    }

    static void sendBalanced(IggyTcpClient client, Client.Given given) {
        sendTo(client, given, Partitioning.balanced());
    }

    static void sendKey(IggyTcpClient client, Client.Given given) {
        sendTo(client, given, Partitioning.messagesKey(given.text("key")));
    }

    /** Sends in two requests, so that a partition gets more than one batch. */
    private static void sendTo(IggyTcpClient client, Client.Given given, Partitioning partitioning) {
        int count = (int) given.number("count", 1);
        List<Message> messages = seeded(given.text("seed"), count);
        int half = (count + 1) / 2;
        for (List<Message> batch : List.of(messages.subList(0, half), messages.subList(half, count))) {
            if (!batch.isEmpty()) {
                client.messages().sendMessages(given.stream(), given.topic(), partitioning, batch);
            }
        }
        Output.emit("sent", "count", count);
    }

    static List<Message> seeded(String seed, int count) {
        return IntStream.range(0, count).mapToObj(index -> Api.message(seed, index)).toList();
    }

    static void poll(IggyTcpClient client, Client.Given given) {
        PolledMessages polled = client.messages()
                .pollMessages(
                        given.stream(),
                        given.topic(),
                        Optional.of(given.partition()),
                        given.consumer(),
                        strategy(given),
                        given.number("count", 1),
                        given.or("auto_commit", "false").equals("true"));
        for (Message message : polled.messages()) {
            Map<String, Object> headers = Api.headersOf(message);
            Output.emit(
                    "message",
                    "offset", message.header().offset(),
                    "payload", Output.hex(message.payload()),
                    "id", message.header().id().toBigInteger().toString(),
                    "timestamp", message.header().timestamp(),
                    "headers", headers.isEmpty() ? null : headers,
                    "partition", polled.partitionId());
        }
        int count = polled.messages().size();
        Output.emit(
                "polled", "partition", polled.partitionId(), "currentOffset", polled.currentOffset(), "count", count);
    }

    private static PollingStrategy strategy(Client.Given given) {
        BigInteger value = BigInteger.valueOf(given.number("value", 0));
        return switch (given.text("strategy")) {
            case "offset" -> PollingStrategy.offset(value);
            case "timestamp" -> PollingStrategy.timestamp(value);
            case "first" -> PollingStrategy.first();
            case "last" -> PollingStrategy.last();
            case "next" -> PollingStrategy.next();
            default -> throw new IllegalArgumentException("unknown strategy " + given.text("strategy"));
        };
    }

    static List<String> textsOf(PolledMessages polled) {
        return polled.messages().stream().map(message -> Output.text(message.payload())).toList();
    }

    static void offsets(IggyTcpClient client, Client.Given given) {
        Optional<Long> partition = Optional.of(given.partition());
        BigInteger offset = BigInteger.valueOf(given.number("offset", 0));
        client.consumerOffsets()
                .storeConsumerOffset(given.stream(), given.topic(), partition, given.consumer(), offset);
        ConsumerOffsetInfo found = client.consumerOffsets()
                .getConsumerOffset(given.stream(), given.topic(), partition, given.consumer())
                .orElseThrow();
        Output.emit(
                "offset",
                "stored", found.storedOffset(),
                "current", found.currentOffset(),
                "partition", found.partitionId());
    }
}
