#!/bin/sh
# Makes a token for each process that is to join, in /tokens, unless it has one: invite.sh ROLE NAME... [ROLE NAME...]
set -eu

role=
for word in "$@"; do
  case $word in
    metaserver | dataserver | gateway) role=$word ;;
    *)
      if [ ! -s "/tokens/$word" ]; then
        coffer admin token create --role "$role" --ttl 24h > "/tokens/$word.new"
        mv "/tokens/$word.new" "/tokens/$word"
      fi
      ;;
  esac
done
