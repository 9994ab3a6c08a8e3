package io.coffer.common.io;

/** The one notion of a path in the seam: relative, {@code /} between components, nothing that could climb out. */
public final class StoragePaths {

    private StoragePaths() {}

    /** Returns the path when it names something below the root, refuses it otherwise. */
    public static String requireBelowRoot(String path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("the root can't be used here");
        }
        return requireValid(path);
    }

    /** Returns the path when it is the root (empty) or below it, refuses it otherwise. */
    public static String requireValid(String path) {
        int start = 0;
        while (start <= path.length() && !path.isEmpty()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            if (isForbidden(path, start, end)) {
                throw new IllegalArgumentException("not a path below the root: '" + path + "'");
            }
            start = end + 1;
        }
        return path;
    }

    /** The directory that holds the path; the root is the empty string. */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    /** The last component. */
    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** {@code path} below {@code directory}, either of which may be the root. */
    public static String join(String directory, String path) {
        if (directory.isEmpty()) {
            return path;
        }
        return path.isEmpty() ? directory : directory + '/' + path;
    }

    private static boolean isForbidden(String path, int start, int end) {
        int length = end - start;
        boolean dots = length <= 2 && path.substring(start, end).chars().allMatch(c -> c == '.');
        return length == 0 || dots || path.substring(start, end).indexOf('\0') >= 0;
    }
}
