package keyfront.testcontainers;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * The module against a server, as a program of its own so that it needs no test framework: it exits with 1 where
 * something is not as expected.
 */
public final class KeyfrontContainerTest {
    private static int checks;

    public static void main(String[] arguments) throws Exception {
        try (KeyfrontContainer keyfront = new KeyfrontContainer()) {
            keyfront.start();
            same(403, status(keyfront.endpoint() + "/2020-05-31/key-value-store"), "an unsigned request is refused");
            same(403, status(keyfront.edge() + "/"), "the edge has no distribution");
            same(true, keyfront.request("POST", "/snapshots/first", "").contains("\"Stores\":0"), "a snapshot is saved");
            keyfront.restore("first");
            keyfront.save("second");
            keyfront.reset();
            keyfront.request("POST", "/faults", "{\"Operation\": \"PutKey\", \"Fault\": \"throttle\"}");
            same(true, keyfront.request("GET", "/faults", "").contains("PutKey=throttle"), "a fault is set");
            try {
                keyfront.restore("never");
                throw new AssertionError("a snapshot that is not there was restored");
            } catch (IllegalStateException error) {
                same(true, error.getMessage().startsWith("404"), "a snapshot that is not there: " + error.getMessage());
            }
            same(20, keyfront.accessKeyId().length(), "an access key id");
        }
        System.out.println(checks + " checks passed");
    }

    private static int status(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(java.net.URI.create(url)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static void same(Object expected, Object found, String what) {
        checks++;
        if (!expected.equals(found)) {
            throw new AssertionError(what + ": expected " + expected + ", found " + found);
        }
    }
}
