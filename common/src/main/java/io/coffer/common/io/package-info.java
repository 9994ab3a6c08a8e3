/** the file-system seam: real, crashable in memory, fault-injecting */
@NullMarked
package io.coffer.common.io;

import org.jspecify.annotations.NullMarked;
