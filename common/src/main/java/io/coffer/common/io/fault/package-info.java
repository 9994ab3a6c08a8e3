/** the file-system seam's simulations: crashable in memory, fault-injecting */
@NullMarked
package io.coffer.common.io.fault;

import org.jspecify.annotations.NullMarked;
