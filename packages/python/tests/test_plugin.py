"""What the plugin says: pytest runs inside of these tests, with projects that are wrong."""

pytest_plugins = ["pytester"]


def test_a_failed_test_shows_what_the_server_logged_for_it(pytester):
    pytester.makepyfile(
        """
        def test_before(keyfront):
            keyfront.client("cloudfront").list_functions()

        def test_it(keyfront):
            keyfront.client("cloudfront").list_key_value_stores()
            assert False
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*Keyfront's log*", "*ListKeyValueStores*"])
    result.stdout.no_fnmatch_line("*ListFunctions*")


def test_a_marker_without_the_fixture_is_refused(pytester):
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.keyfront_seed(redirects={})
        def test_it():
            pass
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*does not use the fixture keyfront*"])


def test_tests_without_the_fixture_start_no_server(pytester):
    pytester.makepyfile("def test_it(): pass")
    pytester.makeconftest(
        """
        import keyfront

        def start(self):
            raise AssertionError("started")

        keyfront.Server.start = start
        """
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
