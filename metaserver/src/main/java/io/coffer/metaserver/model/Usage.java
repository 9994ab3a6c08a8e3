package io.coffer.metaserver.model;

/**
 * Exact counters of a partition.
 *
 * @param objects keys whose current version is an object
 * @param versions objects' versions, current ones included, delete markers not
 * @param uploads in progress
 * @param versionBytes of all versions
 * @param uploadBytes of the parts of uploads in progress
 */
public record Usage(
        long objects, long versions, long deleteMarkers, long uploads, long versionBytes, long uploadBytes) {
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);

    public Usage {
        if (objects < 0
                || versions < objects
                || deleteMarkers < 0
                || uploads < 0
                || versionBytes < 0
                || uploadBytes < 0) {
            throw new IllegalArgumentException("counters below zero: " + objects + ", " + versions + ", "
                    + deleteMarkers + ", " + uploads + ", " + versionBytes + ", " + uploadBytes);
        }
    }

    /** Rows among the noncurrent versions: most partitions have none, and need not look. */
    public long noncurrent() {
        return versions - objects + deleteMarkers;
    }

    /** A version more or less: {@code count} is 1 or -1. */
    public Usage plusVersion(StoredVersion version, int count) {
        return version.deleteMarker()
                ? new Usage(objects, versions, deleteMarkers + count, uploads, versionBytes, uploadBytes)
                : new Usage(
                        objects,
                        versions + count,
                        deleteMarkers,
                        uploads,
                        versionBytes + count * version.size(),
                        uploadBytes);
    }

    /** A current object and its version, more or less at once: {@code count} is 1 or -1. */
    public Usage plusObject(StoredVersion version, int count) {
        return new Usage(
                objects + count,
                versions + count,
                deleteMarkers,
                uploads,
                versionBytes + count * version.size(),
                uploadBytes);
    }

    /** A version became current, or ceased to be. */
    public Usage plusCurrent(int count) {
        return new Usage(objects + count, versions, deleteMarkers, uploads, versionBytes, uploadBytes);
    }

    public Usage plusUploads(long count, long bytes) {
        return new Usage(objects, versions, deleteMarkers, uploads + count, versionBytes, uploadBytes + bytes);
    }

    public Usage withoutUploads() {
        return new Usage(objects, versions, deleteMarkers, 0, versionBytes, 0);
    }
}
