package com.github.dockerjava.api.command;

import com.github.dockerjava.api.model.Bind;
import java.util.HashMap;
import java.util.Map;

/** Stands in for docker-java: what is asked of a container, and its host configuration in one. */
public class CreateContainerCmd {
    /** Volumes by the path at which they are mounted. */
    public final Map<String, String> binds = new HashMap<>();

    public CreateContainerCmd withUser(String user) {
        return this;
    }

    public CreateContainerCmd getHostConfig() {
        return this;
    }

    public CreateContainerCmd withBinds(Bind bind) {
        binds.put(bind.volume().path(), bind.name());
        return this;
    }
}
