using System.Text;

namespace PatientResponse.Tests.Fuzzing;

internal static class Bytes
{
    public static byte[] Of(Stream stream)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>The lines of an input for readers that take several texts; always so many.</summary>
    public static string[] Lines(byte[] bytes, int count)
    {
        var lines = Text(bytes).Split('\n', count);
        return [.. lines, .. Enumerable.Repeat("", count - lines.Length)];
    }
}
