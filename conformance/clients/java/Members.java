// Verbs about consumer groups, users, tokens, the system, and a server that is started again.

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.iggy.client.blocking.tcp.IggyTcpClient;
import org.apache.iggy.consumergroup.Consumer;
import org.apache.iggy.consumergroup.ConsumerGroupDetails;
import org.apache.iggy.consumergroup.ConsumerGroupMember;
import org.apache.iggy.identifier.ConsumerId;
import org.apache.iggy.identifier.StreamId;
import org.apache.iggy.identifier.TopicId;
import org.apache.iggy.identifier.UserId;
import org.apache.iggy.message.Partitioning;
import org.apache.iggy.message.PolledMessages;
import org.apache.iggy.message.PollingStrategy;
import org.apache.iggy.system.ClientInfoDetails;
import org.apache.iggy.system.Stats;
import org.apache.iggy.user.GlobalPermissions;
import org.apache.iggy.user.Permissions;
import org.apache.iggy.user.StreamPermissions;
import org.apache.iggy.user.TopicPermissions;
import org.apache.iggy.user.UserInfoDetails;
import org.apache.iggy.user.UserStatus;

final class Members {
    private static final int ROUNDS = 200;
    private static final int PAUSE_MS = 50;
    private static final int PATIENCE_SECONDS = 3;

    /** What the verb about groups works on. */
    private record Group(StreamId stream, TopicId topic, ConsumerId id) {
        /** Waits until there are so many members and shows the partitions of each, fewest first. */
        void shares(String name, IggyTcpClient client, long members) throws InterruptedException {
            List<Long> shown = List.of();
            for (int round = 0; round < ROUNDS; round++) {
                ConsumerGroupDetails found =
                        client.consumerGroups().getConsumerGroup(stream, topic, id).orElseThrow();
                shown = found.members().stream().map(ConsumerGroupMember::partitionsCount).sorted().toList();
                boolean isEven = shown.stream().allMatch(count -> count == 2 / members);
                if (found.membersCount() == members && isEven) {
                    break;
                }
                Thread.sleep(PAUSE_MS);
            }
            Output.step(name, "shares", shown);
        }

        /** Polls with each member in turn until the wanted messages are there, and shows what each got. */
        void drain(String name, List<IggyTcpClient> members, int wanted) throws InterruptedException {
            List<List<String>> got = new ArrayList<>();
            members.forEach(member -> got.add(new ArrayList<>()));
            int total = 0;
            for (int round = 0; round < ROUNDS && total < wanted; round++) {
                for (int index = 0; index < members.size(); index++) {
                    PolledMessages polled = members.get(index)
                            .messages()
                            .pollMessages(
                                    stream,
                                    topic,
                                    Optional.empty(),
                                    Consumer.group(id),
                                    PollingStrategy.next(),
                                    2L,
                                    true);
                    got.get(index).addAll(Messages.textsOf(polled));
                    total += polled.messages().size();
                }
                Thread.sleep(PAUSE_MS);
            }
            Output.step(name, "received", got);
        }

        void send(IggyTcpClient client, long partition, String seed) {
            client.messages()
                    .sendMessages(stream, topic, Partitioning.partitionId(partition), Messages.seeded(seed, 4));
        }
    }

    static void groups(IggyTcpClient first, Client.Given given) throws Exception {
        IggyTcpClient second = given.logIn("iggy", "iggy");
        String name = given.text("name");
        Group group = new Group(given.stream(), given.topic(), ConsumerId.of(name));
        ConsumerGroupDetails created =
                first.consumerGroups().createConsumerGroup(group.stream, group.topic, name);
        Output.step(
                "create",
                "name", created.name(),
                "members", created.membersCount(),
                "partitions", created.partitionsCount());
        boolean isListed = first.consumerGroups().getConsumerGroups(group.stream, group.topic).stream()
                .anyMatch(found -> found.name().equals(name));
        Output.step("list", "found", isListed);
        first.consumerGroups().joinConsumerGroup(group.stream, group.topic, group.id);
        group.shares("join", first, 1);
        second.consumerGroups().joinConsumerGroup(group.stream, group.topic, group.id);
        group.shares("share", first, 2);
        group.send(first, given.partition(), "one");
        group.send(first, given.partition() + 1, "two");
        group.drain("poll", List.of(first, second), 8);
        second.consumerGroups().leaveConsumerGroup(group.stream, group.topic, group.id);
        group.shares("leave", first, 1);
        // Releases before 0.8.0 cannot close a client.
        if ((Object) second instanceof AutoCloseable closeable) {
            second.consumerGroups().joinConsumerGroup(group.stream, group.topic, group.id);
            group.shares("join again", first, 2);
            closeable.close();
            group.shares("disconnect", first, 1);
        }
        group.send(first, given.partition(), "three");
        group.send(first, given.partition() + 1, "four");
        group.drain("take over", List.of(first), 8);
        first.consumerGroups().deleteConsumerGroup(group.stream, group.topic, group.id);
        boolean isFound = first.consumerGroups()
                .getConsumerGroup(group.stream, group.topic, group.id)
                .isPresent();
        Output.step("delete", "found", isFound);
    }

    private static GlobalPermissions global(boolean managesStreams, boolean readsStreams) {
        return new GlobalPermissions(
                false, false, false, false, managesStreams, readsStreams, false, false, false, false);
    }

    /** May read streams everywhere, poll from one stream and send to one topic of it. */
    private static Permissions fewPermissions(Long stream, Long topic) {
        Map<Long, TopicPermissions> topics = Map.of(topic, new TopicPermissions(false, false, false, true));
        StreamPermissions ofStream = new StreamPermissions(false, false, false, false, true, false, topics);
        return new Permissions(global(false, true), Map.of(stream, ofStream));
    }

    private static boolean canLogIn(Client.Given given, String user, String password) {
        IggyTcpClient client = given.connect();
        return !Resources.isRefused(() -> client.users().login(user, password));
    }

    static void users(IggyTcpClient client, Client.Given given) {
        String name = given.text("name");
        UserId id = UserId.of(name);
        UserId renamed = UserId.of(name + "-renamed");
        Long stream = client.streams().getStream(given.stream()).orElseThrow().id();
        Long topic = client.topics().getTopic(given.stream(), given.topic()).orElseThrow().id();
        Permissions rights = fewPermissions(stream, topic);
        UserInfoDetails created =
                client.users().createUser(name, "secret-1", UserStatus.Active, Optional.of(rights));
        Output.step("create", "name", created.username(), "active", created.status() == UserStatus.Active);
        UserInfoDetails found = client.users().getUser(id).orElseThrow();
        boolean isSame = found.permissions().equals(Optional.of(rights));
        Output.step("get", "name", found.username(), "same", isSame);
        boolean isListed = client.users().getUsers().stream().anyMatch(user -> user.username().equals(name));
        Output.step("list", "found", isListed);
        triesRights(client, given, id);
        client.users().changePassword(id, "secret-1", "secret-2");
        Output.step("password", "old", canLogIn(given, name, "secret-1"), "new", canLogIn(given, name, "secret-2"));
        client.users().updateUser(id, Optional.of(name + "-renamed"), Optional.of(UserStatus.Inactive));
        UserInfoDetails updated = client.users().getUser(renamed).orElseThrow();
        Output.step(
                "update",
                "name", updated.username(),
                "active", updated.status() == UserStatus.Active,
                "login", canLogIn(given, name + "-renamed", "secret-2"));
        client.users().deleteUser(renamed);
        boolean isStillListed = client.users().getUsers().stream()
                .anyMatch(user -> user.username().equals(name + "-renamed"));
        Output.step("delete", "found", isStillListed);
    }

    /** What the new user may do, before and after its permissions are changed. */
    private static void triesRights(IggyTcpClient client, Client.Given given, UserId id) {
        String forbidden = given.text("name") + "-stream";
        IggyTcpClient user = given.logIn(given.text("name"), "secret-1");
        boolean reads = !Resources.isRefused(() -> user.streams().getStreams());
        boolean creates = !Resources.isRefused(() -> user.streams().createStream(forbidden));
        Output.step("login", "reads", reads, "creates", creates);
        client.users().updatePermissions(id, Optional.of(new Permissions(global(true, false), Map.of())));
        user.streams().createStream(forbidden);
        user.streams().deleteStream(StreamId.of(forbidden));
        Output.step("permissions");
    }

    static void tokens(IggyTcpClient client, Client.Given given) {
        String name = given.text("name");
        String token = client.personalAccessTokens()
                .createPersonalAccessToken(name, BigInteger.ZERO)
                .token();
        Output.step("create");
        boolean isListed = client.personalAccessTokens().getPersonalAccessTokens().stream()
                .anyMatch(found -> found.name().equals(name));
        Output.step("list", "found", isListed);
        IggyTcpClient other = given.connect();
        other.personalAccessTokens().loginWithPersonalAccessToken(token);
        Output.step("login", "reads", !Resources.isRefused(() -> other.streams().getStreams()));
        client.personalAccessTokens().deletePersonalAccessToken(name);
        boolean isRefused =
                Resources.isRefused(() -> client.personalAccessTokens().loginWithPersonalAccessToken(token));
        Output.step("delete", "refused", isRefused);
    }

    static void system(IggyTcpClient client, Client.Given given) {
        Stats stats = client.system().getStats();
        boolean counts = stats.streamsCount() > 0 && stats.clientsCount() > 0;
        Output.step("stats", "hostname", !stats.hostname().isEmpty(), "counts", counts);
        ClientInfoDetails me = client.system().getMe();
        // The first user, whose number is 0, is shown as none.
        Output.step("me", "user", Api.user(me.userId().orElse(null)));
        boolean isListed = client.system().getClients().stream()
                .anyMatch(other -> other.clientId().equals(me.clientId()));
        Output.step("clients", "found", isListed);
        ClientInfoDetails found = client.system().getClient(me.clientId());
        Output.step("client", "user", Api.user(found.userId().orElse(null)), "same", found.address().equals(me.address()));
    }

    private static List<String> everything(IggyTcpClient client, Client.Given given) {
        return Messages.textsOf(client.messages()
                .pollMessages(
                        given.stream(),
                        given.topic(),
                        Optional.of(given.partition()),
                        given.consumer(),
                        PollingStrategy.first(),
                        100L,
                        false));
    }

    /** Stays connected while the server is started again. A client that does not come back is replaced by a new one. */
    static void restart(IggyTcpClient client, Client.Given given) throws Exception {
        Output.step("before", "messages", everything(client, given));
        Output.emit("waiting");
        System.in.readAllBytes();
        IggyTcpClient staying = client;
        String by = "itself";
        List<String> after;
        try {
            // Some releases wait for ever on a lost connection.
            IggyTcpClient lost = client;
            after = CompletableFuture.supplyAsync(() -> everything(lost, given))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            by = "caller";
            staying = given.logIn("iggy", "iggy");
            after = everything(staying, given);
        }
        Output.step("after", "messages", after, "by", by);
        Partitioning partition = Partitioning.partitionId(given.partition());
        staying.messages().sendMessages(given.stream(), given.topic(), partition, Messages.seeded("later", 2));
        Output.step("send", "messages", everything(staying, given));
    }
}
