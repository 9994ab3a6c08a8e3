"""Runs the S3 tests of the Ceph project as a pytest plugin: with a limit of time for each case, and with what they take for granted of Amazon S3.

They were written when Amazon made buckets with access control lists and told names of accounts, and they empty buckets with a header that
Amazon refuses where nothing can be locked.
"""

import os
import signal

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError

CASE_SECONDS = int(os.environ.get("S3_TESTS_CASE_SECONDS", "120"))


class CaseTimeout(BaseException):
    """Not an Exception, so that no case catches it."""


def _give_up(signum, frame):
    raise CaseTimeout(f"not done after {CASE_SECONDS} s")


def _limited():
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(CASE_SECONDS)
    try:
        return (yield)
    except CaseTimeout as timeout:
        pytest.fail(str(timeout))
    finally:
        signal.alarm(0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    return (yield from _limited())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    return (yield from _limited())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    return (yield from _limited())


def _with_access_lists(params, **kwargs):
    """Since April 2023 a bucket has access control lists only if its creator asks for them."""
    params.setdefault("ObjectOwnership", "ObjectWriter")


def _with_display_names(parsed, **kwargs):
    """Since November 2025 Amazon tells ids of accounts and no names; the cases compare both."""
    from s3tests.functional import config

    names = {config.main_user_id: config.main_display_name, config.alt_user_id: config.alt_display_name}
    todo = [parsed]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            if node.get("ID") in names:
                node.setdefault("DisplayName", names[node["ID"]])
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)


def _without_bypass(params, **kwargs):
    params.pop("BypassGovernanceRetention", None)


def _check_grants(got, want):
    """The suite's own means to ignore the order of grants, but doesn't where some are of groups."""
    fields = ["DisplayName", "ID", "Type", "URI", "EmailAddress"]
    flat = [{"Permission": grant["Permission"], **{f: grant["Grantee"].get(f) for f in fields}} for grant in got]
    assert sorted(flat, key=_order) == sorted(want, key=_order)


def _order(grant):
    return sorted((field, str(value)) for field, value in grant.items())


def _has_lock(client, bucket):
    try:
        client.get_object_lock_configuration(Bucket=bucket)
        return True
    except ClientError:
        return False


def pytest_configure(config):
    session = botocore.session.Session()
    session.register("provide-client-params.s3.CreateBucket", _with_access_lists)
    session.register("after-call.s3", _with_display_names)
    boto3.setup_default_session(botocore_session=session)


def pytest_collection_finish(session):
    import s3tests.functional as suite

    nuke = suite.nuke_bucket

    def nuke_bucket(client, bucket):
        if not _has_lock(client, bucket):
            client.meta.events.register("provide-client-params.s3.DeleteObjects", _without_bypass, unique_id="coffer")
        try:
            nuke(client, bucket)
        finally:
            client.meta.events.unregister("provide-client-params.s3.DeleteObjects", unique_id="coffer")

    suite.nuke_bucket = nuke_bucket
    for module in {item.module for item in session.items}:
        if hasattr(module, "check_grants"):
            module.check_grants = _check_grants
