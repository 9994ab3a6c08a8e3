/** The rules of the house that no compiler holds: who may use what, and what every file owes its reader. */
@NullMarked
package io.coffer.rules;

import org.jspecify.annotations.NullMarked;
