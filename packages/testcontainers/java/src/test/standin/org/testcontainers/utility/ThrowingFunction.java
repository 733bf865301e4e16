package org.testcontainers.utility;

/** Stands in for Testcontainers: a function that may fail. */
public interface ThrowingFunction<T, R> {
    R apply(T given) throws Exception;
}
