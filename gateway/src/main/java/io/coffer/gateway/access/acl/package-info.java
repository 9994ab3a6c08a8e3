/** Access control lists: who is granted what, canned lists, and what headers ask for. */
@NullMarked
package io.coffer.gateway.access.acl;

import org.jspecify.annotations.NullMarked;
