using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>Undoes what was done to rows before they were packed (ISO 32000-1, 7.4.4.4; PNG's filters and TIFF's).</summary>
internal static class PdfPredictor
{
    private const int MaxRowBytes = 1024 * 1024;

    /// <summary>Null for a predictor that does not exist, or that nobody uses for objects.</summary>
    public static ReadOnlyMemory<byte>? Undo(ReadOnlyMemory<byte> packed, PdfFilterParameters parameters, CheckWork work)
    {
        var pixelBits = (long)parameters.Colors * parameters.BitsPerComponent;
        if (parameters.Colors < 1 || parameters.BitsPerComponent is not (1 or 2 or 4 or 8 or 16) || parameters.Columns < 1 || pixelBits > 1024) return null;
        var rowBits = pixelBits * parameters.Columns;
        if (rowBits > MaxRowBytes * 8L) return null;
        var (row, pixel) = ((int)((rowBits + 7) / 8), (int)Math.Max(1, pixelBits / 8));
        work.Spend(packed.Length);
        return parameters.Predictor switch
        {
            2 when parameters.BitsPerComponent == 8 => UndoTiff(packed.ToArray(), row, pixel),
            >= 10 and <= 15 => UndoPng(packed.Span, row, pixel),
            _ => null,
        };
    }

    private static byte[] UndoTiff(byte[] bytes, int row, int pixel)
    {
        for (var start = 0; start < bytes.Length; start += row)
            for (var i = start + pixel; i < Math.Min(bytes.Length, start + row); i++) bytes[i] += bytes[i - pixel];
        return bytes;
    }

    private static ReadOnlyMemory<byte>? UndoPng(ReadOnlySpan<byte> packed, int row, int pixel)
    {
        var plain = new byte[packed.Length];
        var length = 0;
        for (var start = 0; start < packed.Length; start += row + 1)
        {
            var count = Math.Min(row, packed.Length - start - 1);
            packed.Slice(start + 1, count).CopyTo(plain.AsSpan(length));
            if (!UndoRow(packed[start], plain, length, count, row, pixel)) return null;
            length += count;
        }
        return plain.AsMemory(0, length);
    }

    private static bool UndoRow(byte filter, byte[] plain, int start, int count, int row, int pixel)
    {
        if (filter > 4) return false;
        for (var i = start; filter > 0 && i < start + count; i++)
        {
            int left = i - start >= pixel ? plain[i - pixel] : 0, above = i >= row ? plain[i - row] : 0;
            var before = i - start >= pixel && i >= row ? plain[i - row - pixel] : 0;
            plain[i] += (byte)(filter switch
            {
                1 => left,
                2 => above,
                3 => (left + above) / 2,
                _ => Paeth(left, above, before),
            });
        }
        return true;
    }

    private static int Paeth(int left, int above, int before)
    {
        var guess = left + above - before;
        var (toLeft, toAbove, toBefore) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - before));
        return toLeft <= toAbove && toLeft <= toBefore ? left : toAbove <= toBefore ? above : before;
    }
}
