// What is particular to Java 0.7.0 and later: connecting is a step of its own, keys of headers have a kind.

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iggy.client.blocking.tcp.IggyTcpClient;
import org.apache.iggy.message.HeaderKey;
import org.apache.iggy.message.HeaderValue;
import org.apache.iggy.message.Message;
import org.apache.iggy.message.MessageHeader;
import org.apache.iggy.message.MessageId;

final class Api {
    static final String GENERATION = "v0_8";
    static final boolean SENDS_HEADERS = true;

    static Long user(Long id) {
        return id;
    }

    static IggyTcpClient connect(String host, int port) {
        IggyTcpClient client = new IggyTcpClient(host, port);
        client.connect();
        return client;
    }

    static Message message(String seed, int index) {
        Map<HeaderKey, HeaderValue> headers = new LinkedHashMap<>();
        headers.put(HeaderKey.fromString("origin"), HeaderValue.fromString(seed));
        headers.put(HeaderKey.fromString("n"), HeaderValue.fromUint32(index));
        headers.put(HeaderKey.fromString("Mixed-Case"), HeaderValue.fromBool(true));
        Message plain = Message.of(seed + ":" + index);
        MessageId id = MessageId.from(BigInteger.valueOf(1000 + index));
        BigInteger zero = BigInteger.ZERO;
        MessageHeader header =
                new MessageHeader(zero, id, zero, zero, zero, 0L, plain.header().payloadLength(), zero);
        return new Message(header, plain.payload(), Map.of()).withUserHeaders(headers);
    }

    static Map<String, Object> headersOf(Message message) {
        Map<String, Object> shown = new LinkedHashMap<>();
        for (Map.Entry<HeaderKey, HeaderValue> header : message.userHeaders().entrySet()) {
            String key = new String(header.getKey().value(), StandardCharsets.UTF_8);
            shown.put(key, List.of(Output.kind(header.getValue().kind()), Output.hex(header.getValue().value())));
        }
        return shown;
    }
}
