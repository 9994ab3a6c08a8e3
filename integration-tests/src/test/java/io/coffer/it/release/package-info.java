/** The release archive: it runs without Java, its configuration files and units are good, and the page that installs it tells the truth. */
@NullMarked
package io.coffer.it.release;

import org.jspecify.annotations.NullMarked;
