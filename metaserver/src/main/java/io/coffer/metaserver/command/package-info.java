/** Sealed command types, codec, leader-side stamping of time and ids. */
@NullMarked
package io.coffer.metaserver.command;

import org.jspecify.annotations.NullMarked;
