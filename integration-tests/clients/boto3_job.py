"""What programs on boto3 do all day: buckets, objects, conditions, multipart, paging, presigned links and forms, versions, clean-up."""

import hashlib
import io
import sys
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, big = sys.argv[1], sys.argv[2]
s3 = boto3.client("s3", endpoint_url=endpoint, config=Config(signature_version="s3v4", s3={"addressing_style": "path"}))
bucket = "boto3-job"


def code(call, **arguments):
    try:
        call(Bucket=bucket, **arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


s3.create_bucket(Bucket=bucket)
assert bucket in [entry["Name"] for entry in s3.list_buckets()["Buckets"]]
s3.head_bucket(Bucket=bucket)
put = s3.put_object(Bucket=bucket, Key="a", Body=b"one", Metadata={"colour": "blue"}, ContentType="text/plain")
assert put["ETag"] == '"%s"' % hashlib.md5(b"one").hexdigest()
got = s3.get_object(Bucket=bucket, Key="a")
assert got["Body"].read() == b"one" and got["Metadata"] == {"colour": "blue"} and got["ContentType"] == "text/plain"
assert s3.get_object(Bucket=bucket, Key="a", Range="bytes=1-")["Body"].read() == b"ne"
assert code(s3.get_object, Key="missing") == "NoSuchKey"
assert code(s3.put_object, Key="a", Body=b"two", IfNoneMatch="*") == "PreconditionFailed"
assert code(s3.get_object, Key="a", IfNoneMatch=put["ETag"]) == "304"
for algorithm in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"):
    try:
        answer = s3.put_object(Bucket=bucket, Key=algorithm, Body=b"sum", ChecksumAlgorithm=algorithm)
    except Exception as error:  # botocore without its C library can't make some of them
        if "Missing Dependency" not in str(error):
            raise
        continue
    head = s3.head_object(Bucket=bucket, Key=algorithm, ChecksumMode="ENABLED")
    assert head["Checksum" + algorithm] == answer["Checksum" + algorithm]

s3.upload_file(big, bucket, "big", Config=TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=8 << 20))
back = io.BytesIO()
s3.download_fileobj(bucket, "big", back)
with open(big, "rb") as file:
    assert file.read() == back.getvalue()
s3.copy({"Bucket": bucket, "Key": "big"}, bucket, "big copy")
assert s3.head_object(Bucket=bucket, Key="big copy")["ContentLength"] == len(back.getvalue())

for i in range(25):
    s3.put_object(Bucket=bucket, Key="list/%02d/x" % i, Body=b"")
pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="list/", PaginationConfig={"PageSize": 7})
assert sum(page["KeyCount"] for page in pages) == 25
prefixes = s3.list_objects_v2(Bucket=bucket, Prefix="list/", Delimiter="/")["CommonPrefixes"]
assert [entry["Prefix"] for entry in prefixes] == ["list/%02d/" % i for i in range(25)]
assert s3.list_object_versions(Bucket=bucket, Prefix="a")["Versions"][0]["VersionId"] == "null"

link = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})
with urllib.request.urlopen(link) as response:
    assert response.read() == b"one"

def post(form, content, **more):
    """Sends a presigned form as a browser does."""
    boundary = "form-of-boto3-job"
    parts = [(name, "", value.encode()) for name, value in {**form["fields"], **more}.items()]
    parts.append(("file", '; filename="name.bin"', content))
    body = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (boundary.encode(), name.encode(), extra.encode(), value)
        for name, extra, value in parts
    )
    request = urllib.request.Request(form["url"], body + b"--%s--\r\n" % boundary.encode())
    request.add_header("Content-Type", "multipart/form-data; boundary=" + boundary)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


form = s3.generate_presigned_post(
    bucket,
    "forms/${filename}",
    Fields={"Content-Type": "image/png", "success_action_status": "201"},
    Conditions=[["starts-with", "$Content-Type", "image/"], {"success_action_status": "201"}, ["content-length-range", 1, 100000]],
)
status, answer = post(form, b"x" * 100000)
assert status == 201 and "<Key>forms/name.bin</Key>" in answer, answer
assert s3.head_object(Bucket=bucket, Key="forms/name.bin")["ContentType"] == "image/png"
status, answer = post(form, b"x" * 100001)
assert status == 400 and "<Code>EntityTooLarge</Code>" in answer, answer
status, answer = post(form, b"x", **{"Content-Type": "text/html"})
assert status == 403 and "Policy Condition failed" in answer, answer
status, answer = post(form, b"x", **{"x-amz-meta-extra": "1"})
assert status == 403 and "Extra input fields: x-amz-meta-extra" in answer, answer

resource = boto3.resource("s3", endpoint_url=endpoint).Bucket(bucket)
assert code(s3.delete_bucket) == "BucketNotEmpty"
resource.object_versions.delete()
resource.delete()
assert code(s3.head_bucket) == "404"
