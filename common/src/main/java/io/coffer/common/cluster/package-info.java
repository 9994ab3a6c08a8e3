/** The cluster map: nodes, disks, volumes and their members. */
@NullMarked
package io.coffer.common.cluster;

import org.jspecify.annotations.NullMarked;
