package org.testcontainers.containers;

import com.github.dockerjava.api.command.CreateContainerCmd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ThrowingFunction;

/**
 * As much of Testcontainers as the module uses, with a process in the place of a container: the program that KEYFRONT_BIN
 * names. Paths and addresses of the image are translated in files and arguments.
 */
public class GenericContainer<SELF extends GenericContainer<SELF>> implements AutoCloseable {
    private static final Pattern FOLDERS = Pattern.compile("/(?:etc|var/lib)/keyfront\\b");
    private static final Pattern ADDRESS = Pattern.compile("0\\.0\\.0\\.0:(\\d+)");

    private final Map<String, Transferable> files = new LinkedHashMap<>();
    private final CreateContainerCmd command = new CreateContainerCmd();
    private final Map<Integer, Integer> ports = new HashMap<>();
    private final Path folder;
    private List<String> words = List.of();
    private OneShotStartupCheckStrategy oneShot;
    private Wait wait;
    private Process process;

    public GenericContainer(DockerImageName image) {
        try {
            folder = Files.createTempDirectory("keyfront");
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    public SELF withCommand(String... given) {
        words = List.of(given);
        return self();
    }

    public SELF withExposedPorts(Integer... given) {
        return self();
    }

    public SELF withNetworkMode(String mode) {
        return self();
    }

    public SELF waitingFor(Wait given) {
        wait = given;
        return self();
    }

    public SELF withStartupCheckStrategy(OneShotStartupCheckStrategy given) {
        oneShot = given;
        return self();
    }

    public SELF withCreateContainerCmdModifier(Consumer<CreateContainerCmd> modifier) {
        modifier.accept(command);
        return self();
    }

    public SELF withCopyToContainer(Transferable file, String path) {
        files.put(path, file);
        return self();
    }

    public void start() {
        try {
            for (Map.Entry<String, Transferable> file : files.entrySet()) {
                Path path = Path.of(translated(file.getKey()));
                Files.createDirectories(path.getParent());
                Files.writeString(path, translated(new String(file.getValue().content())));
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            }
            List<String> all = new ArrayList<>(List.of(System.getenv("KEYFRONT_BIN")));
            words.forEach(word -> all.add(translated(word)));
            Path log = folder.resolve("log");
            process = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile()).start();
            if (oneShot != null) {
                if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    throw new IllegalStateException(Files.readString(log));
                }
            } else {
                wait.until(this);
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    public void stop() {
        if (process != null) {
            process.destroy();
            try {
                process.waitFor(20, TimeUnit.SECONDS);
            } catch (InterruptedException error) {
                throw new IllegalStateException(error);
            }
        }
    }

    @Override
    public void close() {
        stop();
    }

    public String getHost() {
        return "127.0.0.1";
    }

    public Integer getMappedPort(int port) {
        return ports.get(port);
    }

    public <T> T copyFileFromContainer(String path, ThrowingFunction<InputStream, T> function) {
        try {
            return function.apply(new ByteArrayInputStream(Files.readAllBytes(Path.of(translated(path)))));
        } catch (Exception error) {
            throw new IllegalStateException(error);
        }
    }

    private String translated(String text) {
        String moved = FOLDERS.matcher(text).replaceAll(found -> Matcher.quoteReplacement(
                command.binds.containsKey(found.group())
                        ? DockerClientFactory.instance().volume(command.binds.get(found.group())).toString()
                        : folder + found.group()));
        return ADDRESS.matcher(moved).replaceAll(found ->
                "127.0.0.1:" + ports.computeIfAbsent(Integer.valueOf(found.group(1)), port -> freePort()));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    @SuppressWarnings("unchecked")
    private SELF self() {
        return (SELF) this;
    }
}
