package io.coffer.common.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What Linux tells of a process in {@code /proc}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
public record ProcessFiles(long pid) {
    private static final int MAX_FILE_BYTES = 4096;

    /**
     * The fields of {@code stat} behind the program's name, which may hold anything: the state is the first.
     *
     * @throws IOException if there is no such process
     */
    public List<String> stat() throws IOException {
        String stat = read("stat");
        return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
    }

    /**
     * The fields of {@code statm}, pages of memory: the second are those that are resident.
     *
     * @throws IOException if there is no such process
     */
    public List<String> statm() throws IOException {
        return List.of(read("statm").split(" "));
    }

    private String read(String file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(MAX_FILE_BYTES);
        try (StorageFile open = RealFileSystem.at("/proc/" + pid).open(file, OpenMode.READ)) {
            open.read(content, 0);
        } catch (IOException e) {
            throw new IOException("there is no process " + pid, e);
        }
        return StandardCharsets.ISO_8859_1.decode(content.flip()).toString().strip();
    }
}
