// What is particular to Java 0.6.0: it connects while it is made, and cannot send headers.

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iggy.client.blocking.tcp.IggyTcpClient;
import org.apache.iggy.message.HeaderValue;
import org.apache.iggy.message.Message;
import org.apache.iggy.message.MessageHeader;
import org.apache.iggy.message.MessageId;

final class Api {
    static final String GENERATION = "v0_6";
    static final boolean SENDS_HEADERS = false;

    /**
     * Hidden: its login does not tell its generation, and until a request does, a server that other generations of this host use
     * cannot know how it counts users.
     */
    static Long user(Long id) {
        return null;
    }

    static IggyTcpClient connect(String host, int port) {
        return new IggyTcpClient(host, port);
    }

    /** Without headers: the sizes that it sends beside its messages leave them out, and servers refuse that. */
    static Message message(String seed, int index) {
        Message plain = Message.of(seed + ":" + index);
        MessageId id = MessageId.from(BigInteger.valueOf(1000 + index));
        BigInteger zero = BigInteger.ZERO;
        MessageHeader header = new MessageHeader(zero, id, zero, zero, zero, 0L, plain.header().payloadLength());
        return new Message(header, plain.payload(), Optional.empty());
    }

    static Map<String, Object> headersOf(Message message) {
        Map<String, Object> shown = new LinkedHashMap<>();
        for (Map.Entry<String, HeaderValue> header : message.userHeaders().orElse(Map.of()).entrySet()) {
            byte[] value = header.getValue().value().getBytes(StandardCharsets.UTF_8);
            shown.put(header.getKey(), List.of(Output.kind(header.getValue().kind()), Output.hex(value)));
        }
        return shown;
    }
}
