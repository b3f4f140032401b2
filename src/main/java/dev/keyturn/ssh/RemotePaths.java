package dev.keyturn.ssh;

/** Paths as JSch wants them: it takes wildcards in every path, and a customer's directory may be called {@code in[*]}. */
final class RemotePaths {
    private RemotePaths() {}

    static String quoted(String path) {
        return path.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?");
    }

    /** The directory a path lies in; {@code .} for a bare name. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
    }

    static String in(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }
}
