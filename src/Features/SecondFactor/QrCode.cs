using System.Text;
using QRCoder;

namespace PatientResponse.Features.SecondFactor;

/// <summary>A QR code to be drawn as SVG.</summary>
/// <param name="Size">Modules on a side, with the quiet zone of four around it (ISO/IEC 18004).</param>
/// <param name="Path">The dark modules, one unit each.</param>
public sealed record QrCode(int Size, string Path)
{
    public static QrCode Of(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < code.ModuleMatrix.Count; y++)
            for (var x = 0; x < code.ModuleMatrix.Count; x++)
                if (code.ModuleMatrix[y][x])
                    path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
        return new(code.ModuleMatrix.Count, path.ToString());
    }
}
