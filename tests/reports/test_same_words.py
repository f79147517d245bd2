from tests.reports.same_words import FILE, text


def test_what_the_scripts_are_tested_with_is_what_the_server_says_now() -> None:
    if not FILE.exists():
        FILE.write_text(text(), encoding="utf-8")
        raise AssertionError(f"{FILE.name} is written anew; now see whether the scripts say the same")

    assert FILE.read_text(encoding="utf-8") == text(), f"delete {FILE.name} and run this again to have it written anew"
