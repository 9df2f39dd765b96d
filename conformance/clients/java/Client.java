// The official Java client (blocking, TCP) as a command line program for conformance runs:
//
//     Client VERB key=value...

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iggy.client.blocking.tcp.IggyTcpClient;
import org.apache.iggy.consumergroup.Consumer;
import org.apache.iggy.identifier.StreamId;
import org.apache.iggy.identifier.TopicId;

final class Client {
    private static final int SECONDS_BY_DEFAULT = 20;

    interface Verb {
        void run(IggyTcpClient client, Given given) throws Exception;
    }

    private static final Map<String, Verb> VERBS = new TreeMap<>(Map.ofEntries(
            Map.entry("setup", Resources::setup),
            Map.entry("show", Resources::show),
            Map.entry("send", Messages::send),
            Map.entry("send_balanced", Messages::sendBalanced),
            Map.entry("send_key", Messages::sendKey),
            Map.entry("poll", Messages::poll),
            Map.entry("offsets", Messages::offsets),
            Map.entry("errors", Resources::errors),
            Map.entry("session", Resources::session),
            Map.entry("streams", Resources::streams),
            Map.entry("topics", Resources::topics),
            Map.entry("partitions", Resources::partitions),
            Map.entry("groups", Members::groups),
            Map.entry("users", Members::users),
            Map.entry("tokens", Members::tokens),
            Map.entry("system", Members::system),
            Map.entry("restart", Members::restart)));

    /** The key=value arguments of a run. */
    record Given(Map<String, String> values) {
        String text(String key) {
            return or(key, null);
        }

        String or(String key, String fallback) {
            String value = values.getOrDefault(key, fallback);
            if (value == null) {
                throw new IllegalArgumentException("argument " + key + "= is missing");
            }
            return value;
        }

        long number(String key, long fallback) {
            return Long.parseLong(or(key, String.valueOf(fallback)));
        }

        StreamId stream() {
            return StreamId.of(text("stream"));
        }

        TopicId topic() {
            return TopicId.of(text("topic"));
        }

        long partition() {
            return number("partition", 0);
        }

        Consumer consumer() {
            return Consumer.of(number("consumer", 1));
        }

        IggyTcpClient connect() {
            String[] address = or("address", "127.0.0.1:8090").split(":");
            return Api.connect(address[0], Integer.parseInt(address[1]));
        }

        IggyTcpClient logIn(String user, String password) {
            IggyTcpClient client = connect();
            client.users().login(user, password);
            return client;
        }
    }

    public static void main(String[] words) {
        int code = 1;
        try {
            Given given = parse(words);
            limit(given.number("timeout", SECONDS_BY_DEFAULT));
            run(words[0], given);
            code = 0;
        } catch (Throwable failure) {
            Output.emit("error", "message", failure.toString());
        }
        // Threads of the network library would keep the program alive, and nothing is left to close.
        Runtime.getRuntime().halt(code);
    }

    private static Given parse(String[] words) {
        Map<String, String> values = new HashMap<>();
        for (String pair : List.of(words).subList(Math.min(1, words.length), words.length)) {
            int at = pair.indexOf('=');
            values.put(pair.substring(0, at), pair.substring(at + 1));
        }
        return new Given(values);
    }

    /** Ends the program when its time is up: calls of the client may wait for ever. */
    private static void limit(long seconds) {
        Thread limit = new Thread(() -> {
            try {
                Thread.sleep(seconds * 1000);
            } catch (InterruptedException ended) {
                return;
            }
            Output.emit("error", "message", "no answer within " + seconds + " s");
            Runtime.getRuntime().halt(1);
        });
        limit.setDaemon(true);
        limit.start();
    }

    private static void run(String name, Given given) throws Exception {
        if (name.equals("verbs")) {
            List<String> strategies = List.of("offset", "timestamp", "first", "last", "next");
            Output.emit(
                    "verbs",
                    "verbs", List.copyOf(VERBS.keySet()),
                    "strategies", strategies,
                    "headers", Api.SENDS_HEADERS,
                    "ids", true,
                    "generation", Api.GENERATION);
            return;
        }
        Verb verb = VERBS.get(name);
        if (verb == null) {
            throw new IllegalArgumentException("verb " + name + " is not offered; there are " + VERBS.keySet());
        }
        verb.run(given.logIn("iggy", "iggy"), given);
    }
}
