/** One group's replicated state: commits batches through the rules, answers queries from the rows. */
@NullMarked
package io.coffer.metaserver.machine;

import org.jspecify.annotations.NullMarked;
