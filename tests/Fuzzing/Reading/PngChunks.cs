using System.Buffers.Binary;
using PatientResponse.Tests.Infrastructure.Files;

namespace PatientResponse.Tests.Fuzzing.Reading;

internal static class PngChunks
{
    public static byte[] WithRightChecksums(byte[] file)
    {
        byte[] mended = [.. file];
        for (long at = SampleFiles.PngSignature.Length; at + 12 <= mended.Length;)
        {
            var chunk = mended.AsSpan((int)at);
            var end = 8L + BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (end + 4 > chunk.Length) break;
            BinaryPrimitives.WriteUInt32BigEndian(chunk[(int)end..], Checksum(chunk[4..(int)end]));
            at += end + 4;
        }
        return mended;
    }

    /// <summary>CRC-32, as PNG has it.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
