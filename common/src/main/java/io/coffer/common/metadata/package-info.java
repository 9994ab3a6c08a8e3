/** What the metaserver keeps and answers: commands, queries, replies and values, and the client interface that carries them. */
@NullMarked
package io.coffer.common.metadata;

import org.jspecify.annotations.NullMarked;
