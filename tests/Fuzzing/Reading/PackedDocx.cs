using System.IO.Compression;
using System.Text;

namespace PatientResponse.Tests.Fuzzing.Reading;

/// <summary>A zip file of the parts in an input: a line "=== NAME", then its content.</summary>
internal static class PackedDocx
{
    public const string Heading = "=== ";

    public static byte[] Of(byte[] input)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in Encoding.Latin1.GetString(input).Split('\n' + Heading))
            {
                var end = part.IndexOf('\n', StringComparison.Ordinal);
                if (end <= 0) continue;
                var name = part.StartsWith(Heading, StringComparison.Ordinal) ? part[Heading.Length..end] : part[..end];
                if (name.Length is 0 or > ushort.MaxValue) continue;
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(Encoding.Latin1.GetBytes(part[(end + 1)..]));
            }
        }
        return file.ToArray();
    }

    public static byte[] Unpack(byte[] docx)
    {
        using var zip = new ZipArchive(new MemoryStream(docx));
        return Encoding.Latin1.GetBytes(string.Join('\n', zip.Entries.Select(entry =>
        {
            using var content = entry.Open();
            return $"{Heading}{entry.FullName}\n{Encoding.Latin1.GetString(Bytes.Of(content))}";
        })));
    }
}
