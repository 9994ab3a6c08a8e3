/** What a store does when its surroundings are wrong: directories, ports, configuration, damaged files. */
@NullMarked
package io.coffer.it.faults;

import org.jspecify.annotations.NullMarked;
