package keyfront.testcontainers;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A Keyfront server in a container.
 *
 * <p>A container of its own makes the credential first, as {@code keyfront serve} starts with none, into a volume that
 * the server then has. The credential is random, may do everything, and is gone with the volume when the server stops.
 */
public class KeyfrontContainer extends GenericContainer<KeyfrontContainer> {
    private static final int API = 4700;
    private static final int ADMIN = 4701;
    private static final int EDGE = 4702;
    private static final String ACCOUNT = "000000000000";
    private static final String DATA = "/var/lib/keyfront";
    private static final String FOLDER = "/etc/keyfront";
    private static final String SECRET = FOLDER + "/secret";
    /** The user in the container: not every engine gives a new volume to the one of the image. */
    private static final String ROOT = "0:0";

    private static final String CONFIGURATION = """
            [server]
            listen = "0.0.0.0:4700"

            [admin]
            listen = "0.0.0.0:4701"

            [edge]
            enabled = true
            listen = "0.0.0.0:4702"

            [store]
            data = "/var/lib/keyfront"

            [testing]
            snapshots = true
            faults = true
            """;
    private static final String POLICY =
            "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}";

    private final DockerImageName image;
    private final String accessKeyId = "AKIA" + random(8).toUpperCase();
    private final String secretAccessKey = random(20);
    private final String volume = "keyfront-" + random(8);
    private final Map<String, String> files = new LinkedHashMap<>();
    private boolean hasVolume;

    /** A server of the image {@code keyfront}, which packages/container makes. */
    public KeyfrontContainer() {
        this(DockerImageName.parse("keyfront"), "");
    }

    /** A server of this image; {@code configuration} is TOML that is added to the module's own. */
    public KeyfrontContainer(DockerImageName image, String configuration) {
        super(image);
        this.image = image;
        files.put(FOLDER + "/keyfront.toml", CONFIGURATION + configuration);
        files.put(FOLDER + "/policy.json", POLICY);
        files.put(SECRET, secretAccessKey);
        prepare(this);
        withCommand("serve", "--config", FOLDER + "/keyfront.toml");
        withExposedPorts(API, ADMIN, EDGE);
        waitingFor(Wait.forHttp("/health/ready").forPort(ADMIN));
    }

    /** Makes the credential, starts the server and waits until it answers. */
    @Override
    public void start() {
        hasVolume = true;
        try (GenericContainer<?> creating = new GenericContainer<>(image)) {
            prepare(creating);
            creating.withNetworkMode("none");
            creating.withStartupCheckStrategy(new OneShotStartupCheckStrategy());
            creating.withCommand(
                    "credentials", "create", "--config", FOLDER + "/keyfront.toml", "--account", ACCOUNT,
                    "--user", "tests", "--policy", FOLDER + "/policy.json",
                    "--access-key-id", accessKeyId, "--secret-access-key-file", SECRET);
            creating.start();
        }
        super.start();
    }

    /** Ends the server; what it held is gone. */
    @Override
    public void stop() {
        super.stop();
        if (hasVolume) {
            hasVolume = false;
            DockerClientFactory.instance().client().removeVolumeCmd(volume).exec();
        }
    }

    private void prepare(GenericContainer<?> container) {
        container.withCreateContainerCmdModifier(command -> {
            command.withUser(ROOT);
            command.getHostConfig().withBinds(new Bind(volume, new Volume(DATA)));
        });
        files.forEach((path, content) -> container.withCopyToContainer(
                Transferable.of(content.getBytes(StandardCharsets.UTF_8), 0600), path));
    }

    /** The URL of the API, for clients of the SDK: {@code endpointOverride} of CloudFrontClient. */
    public URI endpoint() {
        return url(API, "");
    }

    /**
     * The proxy with which a client of the data plane reaches the server: the SDK puts the account in front of the
     * host, and Keyfront as the proxy of {@link #dataPlane} takes that name. It is {@code endpoint} of
     * ProxyConfiguration.
     */
    public URI proxy() {
        return endpoint();
    }

    /** The {@code endpointOverride} of CloudFrontKeyValueStoreClient, beside {@link #proxy}. */
    public URI dataPlane() {
        return URI.create("http://keyfront.internal");
    }

    /** The URL at which viewers are served; a distribution is found by the Host header. */
    public URI edge() {
        return url(EDGE, "");
    }

    /** The access key of the credential that the server has. */
    public String accessKeyId() {
        return accessKeyId;
    }

    /** Its secret. */
    public String secretAccessKey() {
        return secretAccessKey;
    }

    /** Empties the server. */
    public void reset() {
        request("POST", "/reset", "");
    }

    /** Saves what the server holds, in place of an earlier snapshot of that name. */
    public void save(String name) {
        request("POST", "/snapshots/" + name, "");
    }

    /** Undoes, in one step, all that changed since the snapshot was saved. */
    public void restore(String name) {
        request("POST", "/snapshots/" + name + "/restore", "");
    }

    /**
     * Sends a request with a JSON body to the admin address, such as one for a fault, and returns the answer's body.
     *
     * @throws IllegalStateException if the server refuses it; the message says why
     */
    public String request(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(url(ADMIN, path))
                .header("Authorization", "Bearer " + token())
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 400) {
                throw new IllegalStateException(answer.statusCode() + ": " + answer.body().strip());
            }
            return answer.body();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(error);
        }
    }

    /** The second line of the file; the first one is the address. */
    private String token() {
        return copyFileFromContainer(
                        DATA + "/control", file -> new String(file.readAllBytes(), StandardCharsets.UTF_8))
                .split("\n")[1];
    }

    private URI url(int port, String path) {
        return URI.create("http://" + getHost() + ":" + getMappedPort(port) + path);
    }

    private static String random(int bytes) {
        byte[] content = new byte[bytes];
        new SecureRandom().nextBytes(content);
        return HexFormat.of().formatHex(content);
    }
}
