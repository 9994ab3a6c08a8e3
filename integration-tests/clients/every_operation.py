"""Calls every operation of the model that `aws s3api` and boto3 share: what the compatibility page offers gets an answer of its own, what
it doesn't offer 501 NotImplemented, and what Terraform reads of a bucket that has no configuration the codes it knows."""

import re
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

endpoint, page = sys.argv[1], sys.argv[2]
config = Config(s3={"addressing_style": "path"}, inject_host_prefix=False, retries={"total_max_attempts": 1})
s3 = boto3.client("s3", endpoint_url=endpoint, config=config)
bucket = "every-operation"
offered = {}
with open(page, encoding="utf-8") as lines:
    for line in lines:
        row = re.match(r"\| ([A-Z]\w+) \| .*?\| (yes|partly|no) \|", line)
        if row:
            offered[row[1]] = row[2] != "no"

# What the generated arguments wouldn't say.
VALUES = {
    "Bucket": bucket,
    "Key": "key",
    "CopySource": bucket + "/key",
    "PartNumber": 1,
    "AccelerateConfiguration": {"Status": "Suspended"},
    "KMSKeyArn": "arn:aws:kms:us-east-1:000000000000:key/none",
    "Payer": "BucketOwner",
    "VersioningConfiguration": {"Status": "Suspended"},
}
# These would end the others' bucket, or change how all others are answered.
LAST = ["DeleteObject", "DeleteObjects", "AbortMultipartUpload", "DeleteBucket"]
# They have endpoints of their own.
LEFT_OUT = {"CreateSession", "ListDirectoryBuckets", "WriteGetObjectResponse"}


def value(shape, name):
    if name in VALUES:
        return VALUES[name]
    if shape.type_name == "structure":
        members = shape.required_members or list(shape.members)[:1]
        return {member: value(shape.members[member], member) for member in members}
    if shape.type_name == "list":
        return [value(shape.member, name)]
    if shape.type_name == "map":
        return {}
    if shape.type_name in ("integer", "long"):
        return 1
    if shape.type_name == "boolean":
        return False
    if shape.type_name == "timestamp":
        return "2030-01-01T00:00:00Z"
    if shape.type_name == "blob":
        return b"body"
    return shape.enum[0] if getattr(shape, "enum", None) else "a"


def arguments(model):
    shape = model.input_shape
    return {name: value(shape.members[name], name) for name in (shape.required_members if shape else [])}


def call(name):
    model = s3.meta.service_model.operation_model(name)
    method = next(python for python, operation in s3.meta.method_to_api_mapping.items() if operation == name)
    try:
        answer = getattr(s3, method)(**arguments(model))
        return answer["ResponseMetadata"]["HTTPStatusCode"], ""
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]


s3.create_bucket(Bucket=bucket)
for read, code in {
    "GetBucketPolicy": "NoSuchBucketPolicy",
    "GetBucketCors": "NoSuchCORSConfiguration",
    "GetBucketWebsite": "NoSuchWebsiteConfiguration",
    "GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
    "GetBucketReplication": "ReplicationConfigurationNotFoundError",
    "GetObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
    "GetBucketTagging": "NoSuchTagSet",
    "GetBucketAcl": "",
    "GetBucketVersioning": "",
    "GetBucketAccelerateConfiguration": "",
    "GetBucketRequestPayment": "",
    "GetBucketLogging": "",
    "GetBucketLocation": "",
}.items():
    assert call(read)[1] == code, (read, call(read))

s3.put_object(Bucket=bucket, Key="key", Body=b"body")
VALUES["UploadId"] = s3.create_multipart_upload(Bucket=bucket, Key="key")["UploadId"]
operations = [name for name in s3.meta.service_model.operation_names if name not in LEFT_OUT]
wrong = []
for name in [one for one in operations if one not in LAST] + LAST:
    try:
        status, code = call(name)
    except ParamValidationError as error:
        wrong.append("%s: %s" % (name, error))
        continue
    missing = status == 501 and (code == "NotImplemented" or not code)
    # Two of them have an old name as well.
    if offered.get(name, offered.get(name + "Configuration")) == missing or status >= 500 and not missing:
        wrong.append("%s: %d %s" % (name, status, code))
print(len(operations), "operations")
assert not wrong, "\n".join(wrong)
