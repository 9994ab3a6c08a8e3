/** The admin interface: accounts, keys and the cluster's state as JSON, metrics, health. */
@NullMarked
package io.coffer.gateway.admin;

import org.jspecify.annotations.NullMarked;
