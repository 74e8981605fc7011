/* SPDX-License-Identifier: MIT */
/* core_json_verdicts: what the JSON reader accepts and refuses, in every category of JSONTestSuite. */
#include "tests/unit/json_fixture.h"

#define Y(text) check_verdict(text, sizeof(text) - 1, CF_JSON_STRICT_TEXT, 0)
#define N(text) check_verdict(text, sizeof(text) - 1, CF_JSON_STRICT_TEXT, -1)
/* Left to the reader by the standard: refused when strict, replaced otherwise. */
#define I(text) (N(text), check_verdict(text, sizeof(text) - 1, 0, 0))

START_TEST(arrays)
{
	Y("[]");
	Y(" [ ] ");
	Y("[[]]");
	Y("[[],[[]] ,{}]");
	Y("[\"\"]");
	Y("[1\n]");
	Y("[null, 1, \"1\", {}]");
	Y("[1,null,null,null,2]");
	Y("\t[2] \r\n");
	N("[1 true]");
	N("[\"a\": 1]");
	N("[1],");
	N("[,1]");
	N("[1,,2]");
	N("[\"x\",,]");
	N("[1]]");
	N("[\"\",]");
	N("[\"x\"");
	N("[x");
	N("[3[4]]");
	N("[1:2]");
	N("[,]");
	N("[-]");
	N("[   , \"\"]");
	N("[\"a\",\n4\n,1,");
	N("[1,");
	N("[\"\va\"\\f]");
	N("[\v1]");
	N("[*]");
	N("[\"\"");
	N("[1,\n1\n,1");
	N("[{}");
	N("[\xff]");
	N("[a\xe5]");
	N("[1;2]");
	N("[(1)]");
	N("[\f]");
	N("[\xc2\xa0]");
}
END_TEST

START_TEST(numbers)
{
	Y("0");
	Y("-0");
	Y("[ 4]");
	Y("[0e+1]");
	Y("[0E1]");
	Y("[20e1]");
	Y("[-1]");
	Y("[-123]");
	Y("[1E22]");
	Y("[1E-2]");
	Y("[1E+2]");
	Y("[123e45]");
	Y("[123.456e78]");
	Y("[1e-2]");
	Y("[0.5]");
	Y("[123.456789]");
	Y("[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]");
	Y("[1.00000000000000000000000000000000000000000000000000000000000000000000000000000]");
	Y("[123123e-10000000]"); /* underflows to 0 */
	Y("[1e-99999999999999999999]");
	Y("[0e99999999999999999999]");
	Y("[100000000000000000000]");
	Y("[-123123123123123123123123123123]");
	N("[+1]");
	N("[++1234]");
	N("[-01]");
	N("[-012.5]");
	N("[00]");
	N("[012]");
	N("[-2.]");
	N("[2.]");
	N("[.5]");
	N("[-.5]");
	N("[.2e-3]");
	N("[0.1.2]");
	N("[-1.0.]");
	N("[0.3e]");
	N("[0.3e+]");
	N("[0E]");
	N("[0E+]");
	N("[0.e1]");
	N("[2.e3]");
	N("[9.e+]");
	N("[1eE2]");
	N("[1e+-2]");
	N("[1 000.0]");
	N("[1_000]");
	N("[1+2]");
	N("[1-2]");
	N("[0x1]");
	N("[0x42]");
	N("[1.2a-3]");
	N("[1.8011670033376514H-308]");
	N("[- 1]");
	N("[-foo]");
	N("[-1x]");
	N("[1ea]");
	N("[1e\xe5]");
	N("[1\xe5]");
	N("[123\xe5]");
	N("[\xef\xbc\x91]"); /* a full-width digit */
	N("[Infinity]");
	N("[-Infinity]");
	N("[Inf]");
	N("[NaN]");
	N("[-NaN]");
	N("[nan]");
	N("2@");
	N("123\0");
	N("-");
	N("1.");
	N("1e");
}
END_TEST

START_TEST(objects)
{
	Y("{}");
	Y("{\"\":0}");
	Y("{ \"a\" : 1 , \"b\":\n2 }");
	Y("{\"a\":\"b\",\"a\":\"c\"}");
	Y("{\"a\":\"b\",\"a\":\"b\"}");
	Y("{\"foo\\u0000bar\": 42}");
	Y("{\"min\": -1.0e+28, \"max\": 1.0e+28}");
	Y("{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}], \"id\": \"y\"}");
	Y("{\"title\":\"\\u041f\\u043e\\u043b\"}");
	N("[\"x\", truth]");
	N("{[: \"x\"}");
	N("{\"x\", null}");
	N("{\"x\"::\"b\"}");
	N("{\xf0\x9f\x87\xa8}");
	N("{\"a\":\"a\" 123}");
	N("{key: 'value'}");
	N("{\"\xb9\":\"0\",}");
	N("{\"a\" b}");
	N("{:\"b\"}");
	N("{\"a\" \"b\"}");
	N("{\"a\":");
	N("{\"a\"");
	N("{\"a\" ");
	N("{1:1}");
	N("{9999E9999:1}");
	N("{null:null,null:null}");
	N("{\"id\":0,,,,,}");
	N("{'a':0}");
	N("{\"id\":0,}");
	N("{\"a\":\"b\"}/**/");
	N("{\"a\":\"b\"}//");
	N("{\"a\":/*comment*/\"b\"}");
	N("{\"a\":\"b\"}#");
	N("{\"a\":\"b\",,\"c\":\"d\"}");
	N("{a: \"b\"}");
	N("{\"a\":\"a");
	N("{ \"foo\" : \"bar\", \"a\" }");
	N("{\"a\":}");
	N("{\"a\":1]");
	N("[1}");
	N("{]");
	N("[}");
}
END_TEST

START_TEST(strings)
{
	Y("\"\"");
	Y("[\"asd \"]");
	Y("[\"\x7f\"]");
	Y("[\"/ & \\/\"]");
	Y("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]");
	Y("[\"\\\\a\"]");
	Y("[\"\\\\n\"]");
	Y("[\"\\u0012\"]");
	Y("[\"\\u0000\"]");
	Y("[\"\\u0060\\u012a\\u12AB\"]");
	Y("[\"\\u002c\"]");
	Y("[\"\\uD801\\udc37\"]");
	Y("[\"\\ud83d\\ude39\\ud83d\\udc8d\"]");
	Y("[\"\\uDBFF\\uDFFF\"]");
	Y("[\"\\uFDD0\\uFFFE\\uFFFF\"]");
	Y("[\"\\u200B\\u2064\"]");
	Y("[\"\xe2\x80\xa8\xe2\x80\xa9\"]");
	Y("[\"\xf0\x9d\x84\x9e\xe2\x8d\x82\xc2\xa3\"]");
	Y("[\"\xf4\x8f\xbf\xbf\"]");
	Y("[\"\xef\xbf\xbf\"]");
	Y("[\"\xf0\x9b\xbf\xbf\"]");
	Y("[\"a/*b*/c//d\"]");
	N("[\"\\uD800\\\"]");
	N("[\"\\uD800\\u\"]");
	N("[\"\\uD800\\u1\"]");
	N("[\"\\uD800\\u1x\"]");
	N("[\"\\uD800\\uD800\\x\"]");
	N("[\xc3\xa9]");
	N("[\"\\\0\"]");
	N("[\"\\x00\"]");
	N("[\"\\\\\\\"]");
	N("[\"\\\t\"]");
	N("[\"\\\xf0\x9f\x8c\x80\"]");
	N("[\"\\\"]");
	N("[\"\\u00A\"]");
	N("[\"\\uD834\\uDd\"]");
	N("[\"\\u\xe5\"]");
	N("[\"\\a\"]");
	N("[\"\\uqqqq\"]");
	N("[\"\\\xe5\"]");
	N("[\\u0020\"asd\"]");
	N("[\\n]");
	N("\"");
	N("['single quote']");
	N("abc");
	N("[\"\\");
	N("[\"a\0a\"]");
	N("[\"new\nline\"]");
	N("[\"\t\"]");
	N("[\"\x1f\"]");
	N("\"\\UA66D\"");
	N("\"\"x");
	I("[\"\\uDADA\"]");
	I("[\"\\uD888\\u1234\"]");
	I("[\"\\uD800\\n\"]");
	I("[\"\\uD800\\uD800\\n\"]");
	I("[\"\\uDd1e\\uD834\"]");
	I("[\"\\uDFAA\"]");
	I("{\"\\uDFAA\":0}");
	I("[\"\xff\"]");
	I("[\"\xe6\x97\xa5\xd1\x88\xfa\"]");
	I("[\"\xed\xa0\x80\"]");
	I("[\"\xe9\"]");
	I("[\"\x81\"]");
	I("[\"\xf4\xbf\xbf\xbf\"]");
	I("[\"\xc0\xaf\"]");
	I("[\"\xfc\x83\xbf\xbf\xbf\xbf\"]");
	I("[\"\xfc\x80\x80\x80\x80\x80\"]");
	I("[\"\xe0\xff\"]");
	I("[\"\xf0\x9f\x98\"]");
}
END_TEST

START_TEST(structures)
{
	Y("false");
	Y("42");
	Y("-0.1");
	Y("null");
	Y("\"asd\"");
	Y("true");
	Y("[\"a\"]\n");
	Y("\xef\xbb\xbf{}");
	N("");
	N(" ");
	N("\xef\xbb\xbf");
	N("\xef\xbb{}");
	N("\xe5");
	N("[nul]");
	N("[fals]");
	N("[tru]");
	N("[True]");
	N("[nulls]");
	N("TRUE");
	N("<.>");
	N("[<null>]");
	N("[1]x");
	N("\xc3\xa5");
	N("]");
	N("{\"x\": true,");
	N("[][]");
	N("{}}");
	N("[");
	N("[\0]");
	N("{");
	N("{\"a\":\"b\"}#{}");
	N("{,");
	N("{[");
	N("{\"a");
	N("{'a'");
	N("[{\"\":[{\"\":");
	N("[,");
	N("[{");
	N("[\"a");
	N("['");
	N("*");
	N("[\"a\",");
	N("[1");
	N("[ false, nul");
	N("[ true, fals");
	N("{\"asd\":\"asd\"");
	N("\xe2\x81\xa0"); /* WORD JOINER is no space */
	N("[\xe2\x81\xa0]");
	N("[\"asd]");
	N("{\"a\": true} \"x\"");
	N("\x1e{}");
	N("[\r\f]");
}
END_TEST

START_TEST(utf16)
{
	Y("\xff\xfe[\0\"\0\xe9\0\"\0]\0");
	Y("\xfe\xff\0[\0\"\0\xe9\0\"\0]");
	N("\0[\0\"\0\xe9\0\"\0]"); /* without a byte order mark */
	N("[\0\"\0\xe9\0\"\0]\0");
	N("\xff\xfe[\0");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/json_verdicts");
	TCase *t = tcase_create("json_verdicts");

	tcase_add_test(t, arrays);
	tcase_add_test(t, numbers);
	tcase_add_test(t, objects);
	tcase_add_test(t, strings);
	tcase_add_test(t, structures);
	tcase_add_test(t, utf16);
	suite_add_tcase(s, t);
	return s;
}
