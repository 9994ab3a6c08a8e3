package io.coffer.common.id;

/** A Raft group: {@link #SYSTEM} holds accounts, names and the cluster map; every other is a bucket group. */
public record GroupId(int value) implements Comparable<GroupId> {
    public static final GroupId SYSTEM = new GroupId(0);

    /** Of a store of one process, which has no others. */
    public static final GroupId ONLY_BUCKETS = new GroupId(1);

    public GroupId {
        if (value < 0) {
            throw new IllegalArgumentException("group id must not be negative: " + value);
        }
    }

    public boolean isSystem() {
        return value == 0;
    }

    @Override
    public int compareTo(GroupId other) {
        return Integer.compare(value, other.value);
    }
}
