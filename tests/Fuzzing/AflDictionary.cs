using System.Text;

namespace PatientResponse.Tests.Fuzzing;

/// <summary>The format of afl-fuzz's option -x: a line a token, in quotes, with \xNN for what is not plain.</summary>
public static class AflDictionary
{
    /// <param name="token">One byte a character (Latin-1).</param>
    public static string Line(string token) => $"\"{string.Concat(Encoding.Latin1.GetBytes(token).Select(Escaped))}\"";

    private static string Escaped(byte value) =>
        value is >= 0x20 and < 0x7F and not ((byte)'"' or (byte)'\\') ? $"{(char)value}" : $"\\x{value:x2}";
}
