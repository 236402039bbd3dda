using System.Text;

namespace PatientResponse.Tests.Processes.HostileRequests;

/// <summary>What nobody types. Each character is a byte.</summary>
internal static class Nasty
{
    public const string Injected = "X-Injected";

    /// <summary>For a field, a part of an address or a header.</summary>
    public static readonly string[] Values =
    [
        "", " ", "\t", "0", "-1", "1e309", "NaN", "99999999999999999999999999", "2147483648", "9223372036854775808", "0x7fffffff", "true", "null", "undefined", "[]", "{}",
        Utf8("\uFFFD"), "\0", "a\0b", "\xff\xfe", "\xc3", "\xc0\xae\xc0\xae/", "\xed\xa0\x80", "\xed\xbf\xbf\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
        Utf8("\u202e\u2066\u200f"), Utf8("e" + new string('\u0301', 5_000)), Utf8("\U0001F469\u200D\U0001F469\u200D\U0001F467"), Utf8("İıſß"), Utf8("\u001f\u0085\u2028\u2029\ufeff"), Utf8(new string('\uFDFA', 3_000)),
        $"x\r\n{Injected}: 1", $"x\n{Injected}: 1\n\n<html>", $"%0d%0a{Injected}:%201", "%", "%zz", "%u0041", "%00", "%ff", "%c0%af", "..", "../../../../etc/passwd", "..%2f..%2f", "//evil.example/", "/\\evil.example",
        "https://evil.example/", "javascript:alert(1)", "<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "{{7*7}}", "${7*7}", "' or 1=1 --", "1; select pg_sleep(9)", "%'||'", "(((((a+)+)+)+)+)b",
        "00000000-0000-0000-0000-000000000000", "ffffffffffffffffffffffffffffffff", "{0123abcd-0000-0000-0000-000000000000}", "0001-01-01", "9999-12-31T23:59:60Z", "31/02/2000", "+447700900123", "07700 900123",
        "send", "delete", "keep", "remove:", "remove:00000000000000000000000000000000", "language:cy", "language:", "language:xx-\0",
        new('9', 4_000), new('a', 7_000), new(' ', 7_000), new('(', 7_000), string.Concat(Enumerable.Repeat("a.", 3_000)), string.Concat(Enumerable.Repeat("http://a.example/", 400)), string.Concat(Enumerable.Repeat("999 000 0018 ", 500)),
        new('\n', 5_000), string.Concat(Enumerable.Repeat("\r\n \t", 1_500)), string.Concat(Enumerable.Repeat("[x](y)*_`", 800)),
    ];

    /// <summary>For bodies alone.</summary>
    public static readonly string[] Huge = [new('a', 900_000), new('\n', 900_000), Utf8(string.Concat(Enumerable.Repeat("Zoë 12345 ", 80_000))), new('\0', 900_000), string.Concat(Enumerable.Repeat("999 000 0018 ", 60_000))];

    public static readonly string[] Names = ["", "\0", "__proto__", "a[0].b", "[0]", "text[]", "TEXT", "\xff", "__RequestVerificationToken", new('n', 3_000), "files", "action", "_charset_", "$type"];

    public static readonly string[] Methods = ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "QUERY", "M-SEARCH", "GET", "POST"];

    public static readonly string[] ContentTypes =
    [
        "", "text/plain", "application/json", "application/x-www-form-urlencoded; charset=utf-7", "application/x-www-form-urlencoded; charset=nonsense", "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded;", "APPLICATION/X-WWW-FORM-URLENCODED", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=\"a b\"",
        $"multipart/form-data; boundary={new string('b', 300)}", "multipart/form-data; boundary=a; boundary=b", "multipart/mixed; boundary=x", "nonsense", ";;;", "\xff/\xff", "application/x-www-form-urlencoded, text/plain", "application/xml",
    ];

    public static readonly (string Name, string Value)[] Headers =
    [
        ("HX-Request", "true"), ("HX-Request", "\xff"), ("HX-Target", "<x>"), ("HX-Boosted", "true"), ("HX-Current-URL", "%%%"), ("HX-Trigger", "\xff"), ("HX-History-Restore-Request", "true"),
        ("Accept-Language", "xx,*;q=2,cy;q=-1,;;;"), ("Accept-Language", new('a', 5_000)), ("Accept", "application/json"), ("Accept", "*/*;q=nonsense"), ("Accept-Encoding", "br;q=0, *;q=nonsense, gzip"), ("Accept-Charset", "utf-7"),
        ("Range", "bytes=0-0"), ("Range", "bytes=-1"), ("Range", "bytes=9-1"), ("Range", $"bytes={string.Join(',', Enumerable.Range(0, 500).Select(i => $"{i}-{i}"))}"), ("Range", "nonsense=\xff"), ("If-Range", "\"x\""),
        ("If-None-Match", "*"), ("If-None-Match", "\"\xff"), ("If-Match", "*"), ("If-Match", "\"nothing\""), ("If-Modified-Since", "nonsense"), ("If-Modified-Since", "Fri, 31 Dec 9999 23:59:59 GMT"), ("If-Unmodified-Since", "Mon, 01 Jan 0001 00:00:00 GMT"),
        ("Expect", "100-continue"), ("Expect", "nonsense"), ("Upgrade", "websocket"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABk"), ("Connection", "close, Upgrade, HTTP2-Settings"), ("TE", "trailers, \xff"), ("Trailer", "Content-Length"),
        ("Content-Encoding", "gzip"), ("Content-Language", "\xff"), ("Content-MD5", "x"), ("Content-Disposition", "attachment"), ("X-HTTP-Method-Override", "DELETE"), ("X-Original-URL", "/practice"), ("X-Rewrite-URL", "/practice"),
        ("X-Forwarded-For", "not an address, \xff"), ("X-Forwarded-For", "::1%\xff"), ("X-Forwarded-Proto", "javascript"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/\xff"), ("Forwarded", "for=\"[::1]:x\";proto=\xff"),
        ("Origin", "null"), ("Origin", "https://evil.example"), ("Referer", "\xff\xfe"), ("Referer", "https://evil.example/\0".Replace("\0", "%00", StringComparison.Ordinal)), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "\xff"), ("Sec-Fetch-Mode", "navigate"),
        ("Cookie", "staff=x; staff=y; =; ;;; \xff=\xff"), ("Cookie", $"staff={new string('A', 6_000)}"), ("Cookie", string.Concat(Enumerable.Range(0, 300).Select(i => $"c{i}=1; "))), ("Cookie", "language=\xff; language=cy"), ("Authorization", "Basic \xff"),
        ("Authorization", "Bearer eyJhbGciOiJub25lIn0.."), ("RequestVerificationToken", "CfDJ8\xff"), ("X-Twilio-Signature", "AAAA"), ("X-Twilio-Signature", ""), ("User-Agent", ""), ("User-Agent", new('u', 9_000)), ("Date", "nonsense"), ("Purpose", "prefetch"),
        ("traceparent", "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff"), ("traceparent", "\xff"), ("tracestate", new('t', 5_000)), ("baggage", "a=\xff,,,=;"), ("Request-Id", "|\xff."), ("Correlation-Context", "=,=,="),
        ("Host", "xn--a"), ("Host", "a@b"), ("Host", "[::1"), ("Host", "evil.example:99999"),
    ];

    public static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
