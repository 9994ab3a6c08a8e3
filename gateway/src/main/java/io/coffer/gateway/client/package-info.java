/** Calls to metaservers and dataservers: conversion, retry, hedging. */
@NullMarked
package io.coffer.gateway.client;

import org.jspecify.annotations.NullMarked;
