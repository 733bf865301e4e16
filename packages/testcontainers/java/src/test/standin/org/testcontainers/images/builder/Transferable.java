package org.testcontainers.images.builder;

/** Stands in for Testcontainers: the content of a file. */
public record Transferable(byte[] content) {
    public static Transferable of(byte[] content, int mode) {
        return new Transferable(content);
    }
}
