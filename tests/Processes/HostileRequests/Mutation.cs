using System.Globalization;
using System.Text;

namespace PatientResponse.Tests.Processes.HostileRequests;

/// <summary>Makes a request that no browser makes out of one that a browser would make.</summary>
/// <param name="names">Of fields of all forms.</param>
internal sealed class Mutation(Random random, IReadOnlyList<string> names, Uri root)
{
    /// <summary>One request; whether the last digit of a seed changes decides all of it.</summary>
    public RawRequest Of(Seed seed)
    {
        var draft = new Draft(seed, seed.Person.CookiesFor(root, seed.Path), root.Authority);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
            Change(draft);
        return draft.Request(random);
    }

    private void Change(Draft draft)
    {
        switch (random.Next(draft.Method == "POST" ? 14 : 7))
        {
            case 0:
                draft.Headers.Add(Of(Nasty.Headers));
                break;
            case 1:
                draft.Target = InPath(draft.Target, Of(Nasty.Values));
                break;
            case 2:
            case 3:
                draft.Target += $"{(draft.Target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{InUrl(Name())}={InUrl(Of(Nasty.Values))}";
                break;
            case 4:
                draft.Target = Of([$"{draft.Target}/", $"/{draft.Target}", draft.Target.ToUpperInvariant(), $"{draft.Target}%2f", $"{draft.Target};a=b", $"{draft.Target}?&&&==&?#", $"{draft.Target}?{string.Concat(Enumerable.Repeat("q=1&", 1_000))}", $"{draft.Target}%00",
                    $"{draft.Target}/%2e%2e/", $"http://evil.example{draft.Target}", "*", draft.Target + new string('/', 3_000)]);
                break;
            case 5:
                draft.Method = Of(Nasty.Methods);
                break;
            case 6:
                draft.Cookies = Of(["", "x", draft.Cookies + "; " + draft.Cookies, draft.Cookies.Replace('a', 'b'), draft.Cookies.Length > 40 ? draft.Cookies[..^20] : "staff=;"]);
                break;
            case 7:
            case 8:
            case 9:
                Field(draft, random.Next(8) == 0 ? Of(Nasty.Huge) : Of(Nasty.Values));
                break;
            case 10:
                // In all a few megabytes: thousands of times a huge value is more than this machine holds.
                if (draft.Fields.Count > 0 && Of(draft.Fields) is var again)
                    draft.Fields.AddRange(Enumerable.Repeat(again, Math.Min(Of([1, 20, 1_500]), 1 + (4_000_000 / (draft.Fields.Count + again.Value.Length)))));
                break;
            case 11:
                if (draft.Fields.Count > 0)
                    draft.Fields.RemoveAt(random.Next(draft.Fields.Count));
                break;
            case 12:
                draft.ContentType = Of(Nasty.ContentTypes);
                break;
            default:
                draft.Damage = random.Next(1, 12);
                draft.Multipart |= random.Next(2) == 0;
                break;
        }
    }

    private void Field(Draft draft, string value)
    {
        // The token is left alone more often than not: what comes behind it is of interest.
        var at = draft.Fields.FindIndex(field => field.Name == "__RequestVerificationToken") is >= 0 and var token && random.Next(10) > 0 ? (int?)token : null;
        var index = random.Next(draft.Fields.Count + 1);
        if (index == draft.Fields.Count || index == at)
            draft.Fields.Add((Name(), value));
        else
            draft.Fields[index] = (draft.Fields[index].Name, value);
    }

    private string Name() => random.Next(4) == 0 ? Of(Nasty.Names) : Of(names);

    private string InPath(string target, string value)
    {
        var segments = target.Split('/');
        segments[random.Next(segments.Length)] = InUrl(value);
        return string.Join('/', segments) is ['/', ..] path ? path : "/" + string.Join('/', segments);
    }

    /// <summary>Mostly escaped as it should be; now and then as it is, but for what would end the line.</summary>
    private string InUrl(string value) => random.Next(8) == 0
        ? value.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace(" ", "+", StringComparison.Ordinal)
        : string.Concat(value.Take(2_500).Select(c => char.IsAsciiLetterOrDigit(c) ? $"{c}" : $"%{(int)c:x2}"));

    private T Of<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];

    /// <summary>The request while it is being changed.</summary>
    private sealed class Draft(Seed seed, string cookies, string host)
    {
        public string Method { get; set; } = seed.Method;

        public string Target { get; set; } = seed.Path;

        public string Cookies { get; set; } = cookies;

        public List<(string Name, string Value)> Headers { get; } = [];

        public List<(string Name, string Value)> Fields { get; } = [.. seed.Fields];

        public bool Multipart { get; set; } = seed.Multipart;

        public string? ContentType { get; set; }

        /// <summary>0: none. What is wrong with the body.</summary>
        public int Damage { get; set; }

        public RawRequest Request(Random random)
        {
            var headers = new List<(string, string)> { ("Host", host) };
            if (Cookies.Length > 0)
                headers.Add(("Cookie", Cookies));
            headers.Add(("Connection", "close"));
            // One host is the rule; and a line end in a value would begin a header of ours.
            foreach (var (name, value) in Headers.Select(header => (header.Name, header.Value.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal))))
            {
                headers.RemoveAll(header => header.Item1 == name);
                headers.Add((name, value));
            }
            var hasBody = Method is "POST" or "PUT" or "PATCH";
            var (type, body) = Multipart ? Parts(random) : ("application/x-www-form-urlencoded", Encoding.Latin1.GetBytes(string.Join('&', Fields.Select(field => $"{Escaped(field.Name)}={Escaped(field.Value)}"))));
            if (!hasBody)
                return new(Method, Target, headers, []);
            headers.Add(("Content-Type", ContentType ?? type));
            var isWhole = true;
            switch (Damage)
            {
                case 1:
                    headers.Add(("Content-Length", Number(body.Length + 100)));
                    isWhole = false;
                    break;
                case 2:
                    headers.Add(("Transfer-Encoding", "chunked"));
                    body = [.. Encoding.Latin1.GetBytes($"{body.Length:x};a=\"b\"\r\n"), .. body, .. "\r\n0\r\nX-Trailer: 1\r\n\r\n"u8];
                    break;
                case 3:
                    headers.Add(("Transfer-Encoding", "chunked"));
                    body = [.. "fffffffff\r\n"u8, .. body];
                    isWhole = false;
                    break;
                case 4:
                    body = body[..(body.Length / 2)];
                    goto default;
                case 5:
                    body = [.. body, .. body];
                    goto default;
                case 6:
                    for (var flips = 20; flips > 0 && body.Length > 0; flips--)
                        body[random.Next(body.Length)] = (byte)random.Next(256);
                    goto default;
                default:
                    headers.Add(("Content-Length", Number(body.Length)));
                    break;
            }
            return new(Method, Target, headers, body, isWhole);
        }

        private (string Type, byte[] Body) Parts(Random random)
        {
            var boundary = Damage == 7 ? new string('b', 70) : "----WebKitFormBoundary7MA4YWxk";
            var body = new StringBuilder(Damage == 8 ? new string('p', 20_000) + "\r\n" : "");
            foreach (var (name, value) in Fields)
                body.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\nContent-Disposition: form-data; name=\"{(Damage == 9 ? name : name.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal))}\"\r\n\r\n{value}\r\n");
            for (var files = random.Next(3); files > 0; files--)
                body.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{Nasty.Values[random.Next(Nasty.Values.Length)].Replace("\"", "%22", StringComparison.Ordinal)}\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4 {Nasty.Values[random.Next(Nasty.Values.Length)]}\r\n");
            body.Append(Damage switch
            {
                10 => "",
                11 => string.Concat(Enumerable.Repeat($"--{boundary}\r\n\r\n\r\n", 300)) + $"--{boundary}--\r\n",
                _ => $"--{boundary}--\r\n",
            });
            return ($"multipart/form-data; boundary={boundary}", Encoding.Latin1.GetBytes(body.ToString()));
        }

        private static string Escaped(string value) => string.Concat(value.Length > 100_000 ? [value] : value.Select(c => char.IsAsciiLetterOrDigit(c) ? $"{c}" : c == ' ' ? "+" : $"%{(int)c:x2}"));

        private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
