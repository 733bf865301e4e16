package org.testcontainers.containers.wait.strategy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.testcontainers.containers.GenericContainer;

/** Stands in for Testcontainers: waits, for 20 seconds at most, until a path is answered with 200. */
public final class Wait {
    private final String path;
    private int port;

    private Wait(String path) {
        this.path = path;
    }

    public static Wait forHttp(String path) {
        return new Wait(path);
    }

    public Wait forPort(int given) {
        port = given;
        return this;
    }

    public void until(GenericContainer<?> container) throws InterruptedException {
        URI url = URI.create("http://" + container.getHost() + ":" + container.getMappedPort(port) + path);
        for (int i = 0; i < 400; i++) {
            try {
                HttpRequest request = HttpRequest.newBuilder(url).build();
                if (HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // It does not listen yet.
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException(url + " does not answer with 200");
    }
}
