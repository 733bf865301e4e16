"""Monitoring subscriptions of distributions through boto3 and the AWS CLI."""

import json

import pytest

from clients import client, error_of, status_of
from distributions import id_of, new_distribution
from keys import aws

ENABLED = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": "Enabled"}}
DISABLED = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": "Disabled"}}


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def test_a_subscription_is_made_shown_and_ended(control):
    identity = id_of(new_distribution(control))
    for call in [control.get_monitoring_subscription, control.delete_monitoring_subscription]:
        with pytest.raises(control.exceptions.NoSuchMonitoringSubscription) as failure:
            call(DistributionId=identity)
        assert error_of(failure)[1] == 404
    # One that is disabled is answered and not made.
    answer = control.create_monitoring_subscription(DistributionId=identity, MonitoringSubscription=DISABLED)
    assert (status_of(answer), answer["MonitoringSubscription"]) == (200, DISABLED)
    etag = control.get_distribution(Id=identity)["ETag"]
    answer = control.create_monitoring_subscription(DistributionId=identity, MonitoringSubscription=ENABLED)
    assert (status_of(answer), answer["MonitoringSubscription"]) == (200, ENABLED)
    assert control.get_monitoring_subscription(DistributionId=identity)["MonitoringSubscription"] == ENABLED
    assert control.get_distribution(Id=identity)["ETag"] == etag
    for subscription in [ENABLED, DISABLED]:
        with pytest.raises(control.exceptions.MonitoringSubscriptionAlreadyExists) as failure:
            control.create_monitoring_subscription(DistributionId=identity, MonitoringSubscription=subscription)
        text = "A monitoring subscription already exists for this distribution"
        assert error_of(failure) == ("MonitoringSubscriptionAlreadyExists", 409, text)
    assert status_of(control.delete_monitoring_subscription(DistributionId=identity)) == 200
    with pytest.raises(control.exceptions.NoSuchMonitoringSubscription):
        control.get_monitoring_subscription(DistributionId=identity)


def test_a_distribution_that_is_not_there_has_none(control):
    for call in [
        lambda: control.create_monitoring_subscription(DistributionId="E1", MonitoringSubscription=ENABLED),
        lambda: control.get_monitoring_subscription(DistributionId="E1"),
        lambda: control.delete_monitoring_subscription(DistributionId="E1"),
    ]:
        with pytest.raises(control.exceptions.NoSuchDistribution) as failure:
            call()
        assert error_of(failure)[1:] == (404, "The specified distribution does not exist.")


def test_the_aws_cli_subscribes(empty_server, control):
    identity = id_of(new_distribution(control))
    created = aws(
        empty_server, "create-monitoring-subscription", "--distribution-id", identity, "--monitoring-subscription",
        json.dumps(ENABLED),
    )
    assert aws(empty_server, "get-monitoring-subscription", "--distribution-id", identity) == created
    aws(empty_server, "delete-monitoring-subscription", "--distribution-id", identity)
