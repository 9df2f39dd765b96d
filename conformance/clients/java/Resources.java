// Verbs about sessions, streams, topics, partitions and refusals.

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.apache.iggy.client.blocking.tcp.IggyTcpClient;
import org.apache.iggy.identifier.StreamId;
import org.apache.iggy.identifier.TopicId;
import org.apache.iggy.message.Message;
import org.apache.iggy.message.Partitioning;
import org.apache.iggy.partition.Partition;
import org.apache.iggy.stream.StreamDetails;
import org.apache.iggy.topic.CompressionAlgorithm;
import org.apache.iggy.topic.TopicDetails;

final class Resources {
    private static final BigInteger HOUR = BigInteger.valueOf(3_600_000_000L);

    static void createTopic(IggyTcpClient client, StreamId stream, String name, long partitions) {
        client.topics()
                .createTopic(
                        stream,
                        partitions,
                        CompressionAlgorithm.None,
                        BigInteger.ZERO,
                        BigInteger.ZERO,
                        Optional.empty(),
                        name);
    }

    static void setup(IggyTcpClient client, Client.Given given) {
        client.system().ping();
        client.streams().createStream(given.text("stream"));
        createTopic(client, given.stream(), given.text("topic"), given.number("partitions", 2));
        show(client, given);
    }

    /** Prints a stream and a topic of it as this client sees them. */
    static void show(IggyTcpClient client, Client.Given given) {
        StreamDetails stream = client.streams().getStream(given.stream()).orElseThrow();
        Output.emit("stream", "id", stream.id(), "name", stream.name(), "topics", stream.topicsCount());
        TopicDetails topic = client.topics().getTopic(given.stream(), given.topic()).orElseThrow();
        List<Long> ids = topic.partitions().stream().map(Partition::id).toList();
        Output.emit(
                "topic",
                "id", topic.id(),
                "name", topic.name(),
                "partitions", topic.partitionsCount(),
                "partitionIds", ids);
    }

    /** Makes a connection of its own, to see each step. */
    static void session(IggyTcpClient other, Client.Given given) {
        IggyTcpClient client = given.connect();
        Output.step("connect");
        Output.step("login", "user", Api.user(client.users().login("iggy", "iggy").userId()));
        client.system().ping();
        Output.step("ping");
        client.users().logout();
        Output.step("logout", "refused", isRefused(() -> client.streams().getStreams()));
    }

    static boolean isRefused(Runnable request) {
        try {
            request.run();
            return false;
        } catch (RuntimeException refusal) {
            return true;
        }
    }

    static void streams(IggyTcpClient client, Client.Given given) {
        String name = given.text("name");
        StreamId id = StreamId.of(name);
        StreamId renamed = StreamId.of(name + "-renamed");
        client.streams().createStream(name);
        Output.step("create");
        StreamDetails found = client.streams().getStream(id).orElseThrow();
        Output.step("get", "name", found.name(), "topics", found.topicsCount());
        boolean isListed = client.streams().getStreams().stream().anyMatch(stream -> stream.name().equals(name));
        Output.step("list", "found", isListed);
        client.streams().updateStream(id, name + "-renamed");
        Output.step("update", "name", client.streams().getStream(renamed).orElseThrow().name());
        client.streams().deleteStream(renamed);
        Output.step("delete", "found", client.streams().getStream(renamed).isPresent());
    }

    static void topics(IggyTcpClient client, Client.Given given) {
        String name = given.text("name");
        StreamId stream = given.stream();
        TopicId id = TopicId.of(name);
        TopicId renamed = TopicId.of(name + "-renamed");
        createTopic(client, stream, name, 3);
        Output.step("create");
        TopicDetails found = client.topics().getTopic(stream, id).orElseThrow();
        Output.step("get", "name", found.name(), "partitions", found.partitionsCount());
        boolean isListed = client.topics().getTopics(stream).stream().anyMatch(topic -> topic.name().equals(name));
        Output.step("list", "found", isListed);
        CompressionAlgorithm none = CompressionAlgorithm.None;
        client.topics()
                .updateTopic(stream, id, none, HOUR, BigInteger.ZERO, Optional.empty(), name + "-renamed");
        TopicDetails updated = client.topics().getTopic(stream, renamed).orElseThrow();
        Output.step("update", "name", updated.name(), "hourKept", updated.messageExpiry().equals(HOUR));
        client.topics().deleteTopic(stream, renamed);
        Output.step("delete", "found", client.topics().getTopic(stream, renamed).isPresent());
    }

    static void partitions(IggyTcpClient client, Client.Given given) {
        client.partitions().createPartitions(given.stream(), given.topic(), 2L);
        Output.step("create", "partitions", partitionsOf(client, given));
        client.partitions().deletePartitions(given.stream(), given.topic(), 1L);
        Output.step("delete", "partitions", partitionsOf(client, given));
    }

    private static long partitionsOf(IggyTcpClient client, Client.Given given) {
        return client.topics().getTopic(given.stream(), given.topic()).orElseThrow().partitionsCount();
    }

    /** Two refusals, then calls that only succeed when both were read to their last byte. */
    static void errors(IggyTcpClient client, Client.Given given) {
        StreamId missing = StreamId.of("missing-" + given.or("seed", "stream"));
        refused(() -> createTopic(client, missing, "topic", 1));
        List<Message> messages = List.of(Message.of("refuse me"));
        refused(() -> client.messages()
                .sendMessages(missing, TopicId.of("topic"), Partitioning.partitionId(0L), messages));
        client.system().ping();
        StreamDetails stream = client.streams().getStream(given.stream()).orElseThrow();
        Output.emit("alive", "stream", stream.name());
    }

    private static void refused(Runnable request) {
        try {
            request.run();
        } catch (RuntimeException refusal) {
            Output.emit("refused", "code", null, "message", String.valueOf(refusal.getMessage()));
            return;
        }
        throw new IllegalStateException("expected a refusal");
    }
}
