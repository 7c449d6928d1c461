import hashlib

from gatelodge.pages.static_files import load_static_files


def test_the_name_of_a_static_file_changes_with_its_content() -> None:
    files = load_static_files()
    assert set(files) == {
        "gatelodge.css",
        "template.css",
        "passkey.js",
        "gatehouse.svg",
        "mark.svg",
    }
    for file in files.values():
        assert hashlib.sha256(file.content).hexdigest()[:16] in file.name


def test_the_stylesheet_asks_nobody_else_for_anything() -> None:
    stylesheet = load_static_files()["gatelodge.css"].content.decode()
    assert "url(" not in stylesheet
    assert "@import" not in stylesheet
